using ScottPlot;

namespace OptBias.Benchmarks.Measurement;

/// <summary>Times against a size, both on logarithmic axes.</summary>
public static class ScalingPlot
{
    private static readonly string[] Colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

    /// <summary>Writes the plot as PNG and SVG.</summary>
    /// <param name="path">Where, without the extension.</param>
    /// <param name="title">What is shown.</param>
    /// <param name="axis">What the size is.</param>
    /// <param name="sizes">The sizes.</param>
    /// <param name="lines">Each line's name and milliseconds by size; a dashed line is counted, not measured.</param>
    public static void Write(string path, string title, string axis, IReadOnlyList<double> sizes, IReadOnlyList<(string Name, double[] Milliseconds, bool Counted)> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        using var plot = new Plot();
        var measured = 0;
        foreach (var (name, milliseconds, counted) in lines)
        {
            var line = plot.Add.Scatter(sizes.Select(Math.Log2).ToArray(), milliseconds.Select(Math.Log10).ToArray());
            line.LegendText = name;
            line.LineWidth = 2;
            line.Color = Color.FromHex(counted ? "#777777" : Colors[measured++ % Colors.Length]);
            line.MarkerSize = counted ? 0 : 7;
            line.LinePattern = counted ? LinePattern.Dashed : LinePattern.Solid;
        }

        plot.Title(title);
        plot.XLabel(axis);
        plot.YLabel("milliseconds");
        plot.Axes.Bottom.SetTicks(sizes.Select(Math.Log2).ToArray(), sizes.Select(s => $"{s:0}").ToArray());
        var decades = Enumerable.Range(-3, 9).Select(d => (double)d).ToArray();
        plot.Axes.Left.SetTicks(decades, decades.Select(d => Math.Pow(10, d).ToString("0.###", System.Globalization.CultureInfo.InvariantCulture)).ToArray());
        plot.ShowLegend(Alignment.UpperLeft);
        plot.SavePng(path + ".png", 900, 560);
        plot.SaveSvg(path + ".svg", 900, 560);
    }
}
