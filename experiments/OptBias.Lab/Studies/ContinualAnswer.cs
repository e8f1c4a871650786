using System.Globalization;
using OptBias.Lab.Reports;
using OptBias.Lab.Statistics;
using OptBias.Lab.Storage;
using Frontiers = System.Collections.Generic.IReadOnlyDictionary<string, System.Collections.Generic.IReadOnlyList<System.Collections.Generic.IReadOnlyList<(double X, double Y)>>>;

namespace OptBias.Lab.Studies;

/// <summary>What the runs of a continual study say, in sentences with numbers and intervals.</summary>
/// <param name="plan">The plan.</param>
/// <param name="baselines">What the methods are compared with; those that are not among them are left out.</param>
/// <param name="frontiers">For each method the path over its rates.</param>
internal sealed class ContinualAnswer(StudyPlan plan, IReadOnlyList<string> baselines, Frontiers frontiers)
{
    /// <summary>The difference of forgetting at equal learning accuracy for every method and baseline, where both paths meet.</summary>
    private readonly IReadOnlyList<(string Method, string Baseline, double Low, double High, Interval Difference)> matched =
    [
        .. from baseline in baselines.Where(frontiers.ContainsKey)
           from method in plan.Methods.Select(m => m.Name).Where(m => m != baseline)
           let matched = MatchedForgetting.Of(frontiers[method], frontiers[baseline])
           select (method, baseline, matched.Low, matched.High, matched.Difference),
    ];

    /// <summary>That difference as a table; null without a baseline.</summary>
    /// <param name="suffix">Behind the table's title.</param>
    public SummaryTable? MatchedTable(string suffix = "") => this.matched.Count == 0 ? null : new()
    {
        Title = $"Forgetting at equal learning accuracy{suffix}",
        Note = "Mean difference of forgetting, optimizer − baseline, over the range of learning accuracy that both reach, with its 95% bootstrap interval over seeds. Below zero: forgets less than the baseline.",
        Metrics = [new("Difference of forgetting", "", Better.Lower, "Area between the two frontiers over its width.")],
        Rows = [.. this.matched.Select(m => new SummaryRow(m.Method, [m.Difference], $"against {m.Baseline}" + (m.Difference.IsDefined
                ? string.Create(CultureInfo.InvariantCulture, $" at {m.Low:0.000} to {m.High:0.000}")
                : ", no learning accuracy that every seed of both reaches")))],
    };

    /// <summary>The answer in a few sentences.</summary>
    public IEnumerable<string> Sentences(IReadOnlyList<(string Method, IReadOnlyList<RunRecord> Runs)> atWinner)
    {
        var ranked = atWinner.Select(r => (r.Method, Mean: this.Mean(r.Runs, MetricNames.AverageAccuracy))).Where(r => r.Mean.IsDefined).OrderByDescending(r => r.Mean.Estimate).ToArray();
        if (ranked.Length > 0)
            yield return $"At its tuned learning rate {ranked[0].Method} keeps the most: average accuracy {ranked[0].Mean.ToString("0.000")}; least {ranked[^1].Method} with {ranked[^1].Mean.ToString("0.000")}.";
        foreach (var baseline in baselines.Where(frontiers.ContainsKey))
        {
            var differences = this.matched.Where(m => m.Baseline == baseline && m.Difference.IsDefined).ToArray();
            var less = differences.Where(m => m.Difference.High < 0).ToArray();
            var more = differences.Where(m => m.Difference.Low > 0).ToArray();
            if (differences.Length == 0)
                continue;
            if (plan.Seeds == 1)
            {
                yield return $"One seed cannot say who forgets less than {baseline} at equal learning accuracy.";
                continue;
            }

            yield return $"At equal learning accuracy, {Names(less, "less than " + baseline)}; {Names(more, "more")}"
                + $"{(less.Length + more.Length < differences.Length ? "; for the others the interval includes no difference" : "")}.";
        }
    }

    /// <summary>What the result says, an entry for each metric whose intervals part.</summary>
    public IEnumerable<string> Says(IReadOnlyList<(string Method, IReadOnlyList<RunRecord> Runs)> atWinner)
    {
        foreach (var m in this.matched.Where(m => m.Difference.IsDefined))
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"At learning accuracy {m.Low:0.00} to {m.High:0.00}, {m.Method} forgets {Math.Abs(m.Difference.Estimate):0.000} {(m.Difference.Estimate < 0 ? "less" : "more")} than {m.Baseline} ({m.Difference.ToString("0.000")}){Doubt(m.Difference)}.");
        }

        foreach (var metric in new[] { MetricNames.EffectiveRank, MetricNames.WeightHoyer, MetricNames.LifetimeSparseness, MetricNames.MeanAbsoluteCorrelation })
        {
            var shown = ShownMetric.All[metric].Column;
            var means = atWinner.Select(r => (r.Method, Mean: this.Mean(r.Runs, metric))).Where(r => r.Mean.IsDefined).OrderBy(r => r.Mean.Estimate).ToArray();
            if (means.Length > 1)
                yield return $"{shown.Name}, from low to high: {string.Join(", ", means.Select(m => $"{m.Method} {m.Mean.ToString(shown.Format)}"))}.";
        }
    }

    private static string Doubt(Interval difference) => !difference.HasEnds ? ", of a single seed" : difference.Contains(0) ? ", which may be nothing" : "";

    private Interval Mean(IReadOnlyList<RunRecord> runs, string metric) => Summary.Of(ReportRows.Values(runs, plan.ResultSeeds, metric)).Mean;

    private static string Names(IReadOnlyList<(string Method, string Baseline, double Low, double High, Interval Difference)> found, string how) => found.Count == 0
        ? $"none forgets {how}"
        : $"{string.Join(", ", found.Select(f => $"{f.Method} ({f.Difference.ToString("0.000")})"))} {(found.Count == 1 ? "forgets" : "forget")} {how}";
}
