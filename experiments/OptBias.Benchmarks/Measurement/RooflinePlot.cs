using System.Globalization;
using ScottPlot;

namespace OptBias.Benchmarks.Measurement;

/// <summary>One rule on one work: what it computes for a byte that it moves, and what it computes in a second.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Intensity">Operations for each byte moved.</param>
/// <param name="Rate">Operations a second.</param>
/// <param name="Bandwidth">Bytes a second that the floor moved for the same rule.</param>
public sealed record RooflinePoint(string Rule, double Intensity, double Rate, double Bandwidth);

/// <summary>
/// The roofline of Williams, Waterman and Patterson 2009: a program that computes I operations for each byte that it moves cannot
/// compute more than min(peak, I × bandwidth) operations a second. Update rules lie far left, under the slope of memory.
/// </summary>
public static class RooflinePlot
{
    private static readonly string[] Colors = ["#0072b2", "#d55e00", "#009e73"];

    /// <summary>Writes the plot as PNG and SVG.</summary>
    /// <param name="path">Where, without the extension.</param>
    /// <param name="title">What is shown.</param>
    /// <param name="peak">Operations a second without memory.</param>
    /// <param name="works">The works, each with its points: the slope above them is the fastest that its floor moved.</param>
    public static void Write(string path, string title, double peak, IReadOnlyList<(string Name, IReadOnlyList<RooflinePoint> Points)> works)
    {
        ArgumentNullException.ThrowIfNull(works);
        using var plot = new Plot();
        var all = works.SelectMany(w => w.Points).ToList();
        var (left, right) = (all.Min(p => p.Intensity) / 2.5, Math.Max(all.Max(p => p.Intensity) * 3, works.Max(w => peak / w.Points.Max(p => p.Bandwidth)) * 1.5));
        for (var k = 0; k < works.Count; k++)
        {
            var (name, points) = works[k];
            var color = Color.FromHex(Colors[k % Colors.Length]);
            var bandwidth = points.Max(p => p.Bandwidth);
            var ridge = Math.Min(right, peak / bandwidth);
            var slope = plot.Add.Line(Math.Log10(left), Math.Log10(left * bandwidth / 1e9), Math.Log10(ridge), Math.Log10(ridge * bandwidth / 1e9));
            slope.Color = color;
            slope.LineWidth = 1.5f;
            var marks = plot.Add.ScatterPoints(points.Select(p => Math.Log10(p.Intensity)).ToArray(), points.Select(p => Math.Log10(p.Rate / 1e9)).ToArray());
            marks.Color = color;
            marks.MarkerSize = 8;
            marks.LegendText = string.Create(CultureInfo.InvariantCulture, $"{name}: floor {bandwidth / 1e9:0} GB/s");
        }

        foreach (var group in all.GroupBy(p => p.Rule))
        {
            var label = plot.Add.Text(group.Key, Math.Log10(group.First().Intensity), Math.Log10(all.Min(p => p.Rate) / 1e9) - 0.12);
            label.LabelRotation = 60;
            label.LabelFontSize = 12;
            label.LabelFontColor = Color.FromHex("#444444");
            label.LabelAlignment = Alignment.UpperLeft;
        }

        var roof = plot.Add.Line(Math.Log10(works.Min(w => peak / w.Points.Max(p => p.Bandwidth))), Math.Log10(peak / 1e9), Math.Log10(right), Math.Log10(peak / 1e9));
        roof.Color = Color.FromHex("#777777");
        roof.LineWidth = 1.5f;
        roof.LegendText = string.Create(CultureInfo.InvariantCulture, $"products and sums in registers: {peak / 1e9:0} GFlop/s");
        plot.Title(title);
        plot.XLabel("operations for each byte moved");
        plot.YLabel("GFlop/s");
        plot.Axes.Bottom.TickGenerator = Ticks(left, right);
        plot.Axes.Left.TickGenerator = Ticks(all.Min(p => p.Rate) / 1e9 / 4, peak / 1e9 * 2);
        plot.Axes.SetLimits(Math.Log10(left), Math.Log10(right), Math.Log10(all.Min(p => p.Rate) / 1e9) - 0.75, Math.Log10(peak / 1e9) + 0.25);
        plot.ShowLegend(Alignment.UpperLeft);
        plot.SavePng(path + ".png", 900, 600);
        plot.SaveSvg(path + ".svg", 900, 600);
    }

    private static ScottPlot.TickGenerators.NumericManual Ticks(double low, double high)
    {
        var ticks = new ScottPlot.TickGenerators.NumericManual();
        for (var decade = (int)Math.Floor(Math.Log10(low)); decade <= Math.Log10(high); decade++)
        {
            foreach (var step in (ReadOnlySpan<double>)[1, 2, 5])
            {
                var value = step * Math.Pow(10, decade);
                if (value >= low && value <= high)
                    ticks.AddMajor(Math.Log10(value), value.ToString("0.###", CultureInfo.InvariantCulture));
            }
        }

        return ticks;
    }
}
