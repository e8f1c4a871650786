using System.Globalization;
using OptBias.Lab.Reports.Figures;
using OptBias.Lab.Statistics;

namespace OptBias.Lab.Reports.Selection;

/// <summary>Pareto plots of the wished-for metrics, two by two, with the wishes as dashed lines.</summary>
internal static class SelectionFigures
{
    private const int MostMetrics = 3;

    public static IReadOnlyList<Figure> Of(SelectionReport report)
    {
        // Two wishes may bound one metric from both sides: it is one axis.
        var metrics = report.Wishes.Select(w => w.Metric).Distinct().Take(MostMetrics).ToArray();
        if (metrics.Length == 1)
            return [Bars(report, metrics[0])];
        var figures = new List<Figure>();
        for (var a = 0; a < metrics.Length; a++)
        {
            for (var b = a + 1; b < metrics.Length; b++)
                figures.Add(Pareto(report, metrics[a], metrics[b], figures.Count));
        }

        return figures;
    }

    private static ScatterFigure Pareto(SelectionReport report, string xMetric, string yMetric, int index)
    {
        var (x, y) = (First(report, xMetric), First(report, yMetric));
        var defined = report.Ranking.Where(r => r.Means[x].IsDefined && r.Means[y].IsDefined).ToArray();
        var onFront = ParetoFront.Of(
            [.. defined.Select(r => (IReadOnlyList<double>)[r.Means[x].Estimate, r.Means[y].Estimate])],
            [report.Wishes[x].HigherIsBetter, report.Wishes[y].HigherIsBetter]);
        return new()
        {
            Id = index == 0 ? "pareto" : $"pareto-{index + 1}",
            Title = $"{yMetric} against {xMetric}",
            Caption = $"{Counted.MeanWithInterval(report.Seeds)}. Dotted: the wishes. Dashed: through the optimizers that no other beats in both.",
            X = new(xMetric),
            Y = new(yMetric),
            References = [.. References(report, xMetric, isVertical: true), .. References(report, yMetric, isVertical: false)],
            Front = [.. defined.Where((_, i) => onFront[i]).Select(r => (r.Means[x].Estimate, r.Means[y].Estimate)).OrderBy(p => p.Item1)],
            Series = [.. report.Ranking.Select(r => new ScatterSeries(r.Optimizer, [new(r.Means[x], r.Means[y])]))],
        };
    }

    private static BarFigure Bars(SelectionReport report, string metric)
    {
        var k = First(report, metric);
        return new()
        {
            Id = "wish",
            Title = metric,
            Caption = $"{Counted.MeanWithInterval(report.Seeds)}. Dotted: the wish.",
            Y = new(metric),
            Groups = [""],
            References = [.. References(report, metric, isVertical: false)],
            Series = [.. report.Ranking.Select(r => new BarSeries(r.Optimizer, [r.Means[k]]))],
        };
    }

    private static int First(SelectionReport report, string metric) => Enumerable.Range(0, report.Wishes.Count).First(k => report.Wishes[k].Metric == metric);

    private static IEnumerable<ReferenceLine> References(SelectionReport report, string metric, bool isVertical)
    {
        for (var k = 0; k < report.Wishes.Count; k++)
        {
            var wish = report.Wishes[k];
            if (wish.Metric != metric)
                continue;
            var best = report.Ranking.Select(r => r.Means[k].Estimate).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max();
            var bound = wish.Kind == WishKind.WithinOfBest ? best - wish.Bound : wish.Bound;
            if (double.IsFinite(bound))
                yield return new(bound, isVertical, string.Create(CultureInfo.InvariantCulture, $"{(wish.HigherIsBetter ? "above" : "below")} {bound:0.####}"));
        }
    }
}
