using System.Globalization;
using OptBias.Lab.Reports;
using OptBias.Lab.Reports.Figures;
using OptBias.Lab.Statistics;
using OptBias.Lab.Storage;
using OptBias.Lab.Tasks;
using Frontiers = System.Collections.Generic.IReadOnlyDictionary<string, System.Collections.Generic.IReadOnlyList<System.Collections.Generic.IReadOnlyList<(double X, double Y)>>>;

namespace OptBias.Lab.Studies;

/// <summary>The figures of a continual study.</summary>
internal static class ContinualFigures
{
    public static IEnumerable<Figure> Of(
        StudyPlan plan,
        Scenario scenario,
        IReadOnlyList<(string Method, IReadOnlyList<RunRecord> Runs)> atWinner,
        Frontiers frontiers,
        IReadOnlyDictionary<string, IReadOnlyList<(double Rate, IReadOnlyList<RunRecord> Runs)>> atRates)
    {
        yield return Frontier(plan, frontiers);
        yield return KnownSoFar(plan, scenario, atWinner);
        yield return OverRates(plan, atRates, "average-accuracy", "Average accuracy over the learning rates", MetricNames.AverageAccuracy);
        if (scenario.SplitsClasses)
            yield return OverRates(plan, atRates, "masked-accuracy", "Masked accuracy over the learning rates", MetricNames.MaskedAverageAccuracy);
        if (ClassSimilarity(atWinner) is { } similarity)
            yield return similarity;
    }

    private static ScatterFigure Frontier(StudyPlan plan, Frontiers frontiers) => new()
    {
        Id = "forgetting-frontier",
        Title = "What is learnt, and what that costs in forgetting",
        Caption = $"Each point is a learning rate, {Counted.MeanAndInterval(plan.Seeds)}; lines join neighbouring rates. Lower right is better: learns more, forgets less.",
        X = new("learning accuracy"),
        Y = new("forgetting"),
        Series = [.. plan.Methods.Select(m => new ScatterSeries(m.Name, [.. plan.Rates(m).Select((rate, i) => new ScatterPoint(
            Summary.Of(frontiers[m.Name].Select(seed => seed[i].X)).Mean,
            Summary.Of(frontiers[m.Name].Select(seed => seed[i].Y)).Mean,
            string.Create(CultureInfo.InvariantCulture, $"lr {rate}"))).Where(p => p.X.IsDefined && p.Y.IsDefined)], Joined: true))],
    };

    private static LineFigure KnownSoFar(StudyPlan plan, Scenario scenario, IReadOnlyList<(string Method, IReadOnlyList<RunRecord> Runs)> atWinner)
    {
        double[] trained = [.. Enumerable.Range(1, scenario.Tasks).Select(t => (double)t)];
        return new()
        {
            Id = "accuracy-over-tasks",
            Title = "Accuracy on the tasks seen so far",
            Caption = $"Mean accuracy over tasks 1 to t after training through task t, at the tuned learning rate; {Counted.MeanAndInterval(plan.Seeds)}.",
            X = new("tasks trained"),
            Y = new("accuracy", Minimum: 0, Maximum: 1),
            Series = [.. atWinner.Select(r => new LineSeries(r.Method, trained, [.. trained.Select(t => Summary.Of(
                r.Runs.Where(run => run.Diverged is null).Select(run => run.Curves.Where(c => c.Name == "accuracy").Take((int)t).Average(c => c.Y[(int)t - 1]))).Mean)]))],
        };
    }

    private static LineFigure OverRates(
        StudyPlan plan, IReadOnlyDictionary<string, IReadOnlyList<(double Rate, IReadOnlyList<RunRecord> Runs)>> atRates, string id, string title, string metric) => new()
        {
            Id = id,
            Title = title,
            Caption = $"{Counted.MeanWithInterval(plan.Seeds)}, on test digits; a rate at which no result ran, or one diverged, has no point.",
            X = new("learning rate", Logarithmic: true),
            Y = new(ShownMetric.All[metric].Column.Name.ToLowerInvariant(), Minimum: 0, Maximum: 1),
            Series = [.. plan.Methods.Select(m => new LineSeries(m.Name,
                [.. atRates[m.Name].Select(r => r.Rate)],
                [.. atRates[m.Name].Select(r => BootstrapInterval.OfMean(ReportRows.Values(r.Runs, plan.ResultSeeds, metric)))]))],
        };

    private static HeatMapFigure? ClassSimilarity(IReadOnlyList<(string Method, IReadOnlyList<RunRecord> Runs)> atWinner)
    {
        var panels = atWinner.Select(r => (r.Method, Matrix: MeanMatrix(r.Runs))).Where(p => p.Matrix is not null).Select(p => new HeatMapPanel(p.Method, p.Matrix!)).ToArray();
        string[] classes = [.. Enumerable.Range(0, 10).Select(c => c.ToString(CultureInfo.InvariantCulture))];
        return panels.Length == 0 ? null : new()
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
        var matrices = runs.Select(r => r.Curves.Where(c => c.Name == "class mean similarity").ToArray()).Where(m => m.Length == 10).ToArray();
        if (matrices.Length == 0)
            return null;
        var mean = new double[10, 10];
        for (var i = 0; i < 10; i++)
        {
            for (var j = 0; j < 10; j++)
                mean[i, j] = matrices.Average(m => m[i].Y[j]);
        }

        return mean;
    }
}
