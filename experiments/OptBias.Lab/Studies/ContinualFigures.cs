using System.Globalization;
using OptBias.Lab.Reports;
using OptBias.Lab.Reports.Figures;
using OptBias.Lab.Statistics;
using OptBias.Lab.Storage;
using OptBias.Lab.Tasks;

namespace OptBias.Lab.Studies;

/// <summary>The figures of a continual study.</summary>
internal static class ContinualFigures
{
    /// <summary>What is drawn over learning accuracy, a path for each optimizer.</summary>
    private static readonly string[] Paths =
    [
        MetricNames.EffectiveRank, MetricNames.ClassSelectivity, MetricNames.MeanAbsoluteCorrelation, MetricNames.ClassMeanSimilarity,
        MetricNames.LifetimeSparseness, MetricNames.MaskedAverageAccuracy, MetricNames.WeightHoyer, MetricNames.RelativeWeightChange,
    ];

    /// <summary>Of more classes a heat map has cells too small to be seen.</summary>
    private const int MostClasses = 20;

    public static IEnumerable<Figure> Of(Scenario scenario, RunSelection selection)
    {
        var (plan, atWinner, results) = (selection.Plan, selection.AtWinners(), selection.Results());
        yield return Path(selection, MetricNames.Forgetting) with
        {
            Id = "forgetting-frontier",
            Title = "What is learnt, and what that costs in forgetting",
            Caption = $"Each point is a learning rate, {Counted.MeanAndInterval(plan, selection.Runs)}; lines join neighbouring rates. Lower right is better: learns more, forgets less.",
        };
        foreach (var metric in Paths.Where(m => results.Any(r => r.Metrics.ContainsKey(m))))
            yield return Path(selection, metric);
        yield return KnownSoFar(selection, scenario, atWinner);
        yield return OverRates(selection, scenario, "average-accuracy", "Average accuracy over the learning rates", MetricNames.AverageAccuracy);
        if (scenario.SplitsClasses)
            yield return OverRates(selection, scenario, "masked-accuracy", "Masked accuracy over the learning rates", MetricNames.MaskedAverageAccuracy);
        if (ClassSimilarity(atWinner) is { } similarity)
            yield return similarity;
    }

    /// <summary>A metric over what is learnt, a path for each optimizer.</summary>
    public static ScatterFigure Path(RunSelection selection, string metric)
    {
        var (plan, paths, shown) = (selection.Plan, selection.Paths(metric), ShownMetric.Of(metric));
        return new()
        {
            Id = "path-" + metric.Replace('_', '-'),
            Title = $"{shown.Column.Name} at what is learnt",
            Caption = $"{shown.Column.Description} Each point is a learning rate, {Counted.MeanAndInterval(plan, selection.Runs)}; lines join neighbouring rates. Compare optimizers one above the other, at equal {selection.LearningInWords}. Dotted: the untrained network.",
            X = new(selection.LearningInWords),
            Y = new(shown.Column.Name.ToLowerInvariant()),
            References = ReportRows.UntrainedLine(selection, metric),
            Series = [.. plan.Methods.Select(m => new ScatterSeries(m.Name, [.. plan.Rates(m).Select((rate, i) => new ScatterPoint(
                ShownMetric.Of(selection.Learning).Values.Cut(Summary.Of(paths[m.Name].Select(seed => seed[i].X)).Mean),
                shown.Values.Cut(Summary.Of(paths[m.Name].Select(seed => seed[i].Y)).Mean),
                string.Create(CultureInfo.InvariantCulture, $"lr {rate}"))).Where(p => p.X.IsDefined && p.Y.IsDefined)], Joined: true))],
        };
    }

    private static LineFigure KnownSoFar(RunSelection selection, Scenario scenario, IReadOnlyList<(string Method, IReadOnlyList<RunRecord> Runs)> atWinner)
    {
        var plan = selection.Plan;
        double[] trained = [.. Enumerable.Range(1, scenario.Tasks).Select(t => (double)t)];
        return new()
        {
            Id = "accuracy-over-tasks",
            Title = "Accuracy on the tasks seen so far",
            Caption = $"Mean accuracy over tasks 1 to t after training through task t, at the tuned learning rate; {Counted.MeanAndInterval(plan, selection.Runs)}. Dotted: a network that knows the newest task alone.",
            ReferenceCurves = [new([.. trained.Select(t => (t, Yardsticks.LastTaskAlone(scenario, (int)t)))], "the newest task alone")],
            X = new("tasks trained"),
            Y = new("accuracy", Minimum: 0, Maximum: 1),
            Series = [.. atWinner.Select(r => new LineSeries(r.Method, trained, [.. trained.Select(t => MetricRange.Unit.Cut(Summary.Of(
                r.Runs.Select(run => run.Diverged is null ? run.Curves.Where(c => c.Name == "accuracy").Take((int)t).Average(c => c.Y[(int)t - 1]) : double.NaN)).Mean))]))],
        };
    }

    private static LineFigure OverRates(RunSelection selection, Scenario scenario, string id, string title, string metric)
    {
        var (plan, atRates) = (selection.Plan, selection.AtRates());
        return new()
        {
            Id = id,
            Title = title,
            Caption = $"{Counted.MeanWithInterval(plan, selection.Runs)}, on test images; a rate at which no result ran, or one diverged, has no point. Dotted: the untrained network, a guess, and a network that knows the last task alone.",
            X = new("learning rate", Logarithmic: true),
            Y = new(ShownMetric.All[metric].Column.Name.ToLowerInvariant(), Minimum: 0, Maximum: 1),
            References = [.. ReportRows.UntrainedLine(selection, metric), .. Yardsticks.Lines(scenario, metric == MetricNames.MaskedAverageAccuracy)],
            Series = [.. plan.Methods.Select(m => new LineSeries(m.Name,
                [.. atRates[m.Name].Select(r => r.Rate)],
                [.. atRates[m.Name].Select(r => ReportRows.MeanOfAll(r.Runs, plan.ResultSeeds, metric))]))],
        };
    }

    private static HeatMapFigure? ClassSimilarity(IReadOnlyList<(string Method, IReadOnlyList<RunRecord> Runs)> atWinner)
    {
        var panels = atWinner.Select(r => (r.Method, Matrix: MeanMatrix(r.Runs))).Where(p => p.Matrix is not null).Select(p => new HeatMapPanel(p.Method, p.Matrix!)).ToArray();
        if (panels.Length == 0 || panels[0].Values.GetLength(0) > MostClasses)
            return null;
        string[] classes = [.. Enumerable.Range(0, panels[0].Values.GetLength(0)).Select(c => c.ToString(CultureInfo.InvariantCulture))];
        return new()
        {
            Id = "class-similarity",
            Title = "How alike the classes' representations are",
            Caption = "Cosine similarity between the mean representations of two classes, averaged over seeds, at the tuned learning rate.",
            Value = new("cosine similarity", Minimum: 0, Maximum: 1),
            Rows = classes,
            Columns = classes,
            RowLabel = "class",
            ColumnLabel = "class",
            Panels = panels,
        };
    }

    private static double[,]? MeanMatrix(IReadOnlyList<RunRecord> runs)
    {
        var matrices = runs.Select(r => r.Curves.Where(c => c.Name == "class mean similarity").ToArray()).Where(m => m.Length > 0).ToArray();
        if (matrices.Length == 0 || matrices.Any(m => m.Length != matrices[0].Length))
            return null;
        var classes = matrices[0].Length;
        var mean = new double[classes, classes];
        for (var i = 0; i < classes; i++)
        {
            for (var j = 0; j < classes; j++)
                mean[i, j] = matrices.Average(m => m[i].Y[j]);
        }

        return mean;
    }
}
