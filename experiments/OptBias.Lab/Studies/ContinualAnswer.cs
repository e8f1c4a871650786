using System.Globalization;
using OptBias.Lab.Reports;
using OptBias.Lab.Statistics;
using OptBias.Lab.Storage;

namespace OptBias.Lab.Studies;

/// <summary>What the runs of a continual study say at equal learning accuracy, in tables, tests and sentences.</summary>
internal sealed class ContinualAnswer
{
    /// <summary>What is kept of the tasks.</summary>
    private static readonly string[] Kept =
        [MetricNames.ForgettingBits, MetricNames.AverageBits, MetricNames.Forgetting, MetricNames.AverageAccuracy, MetricNames.MaskedAverageAccuracy, MetricNames.NearestClassMeanAccuracy];

    /// <summary>What the solution looks like.</summary>
    private static readonly string[] Looks =
    [
        MetricNames.EffectiveRank, MetricNames.ParticipationRatio, MetricNames.LifetimeSparseness, MetricNames.ClassSelectivity,
        MetricNames.MeanAbsoluteCorrelation, MetricNames.ClassMeanSimilarity, MetricNames.WeightHoyer, MetricNames.RelativeWeightChange,
    ];

    private static readonly string[] Explored =
        [MetricNames.ForgettingBits, MetricNames.Forgetting, MetricNames.EffectiveRank, MetricNames.ClassSelectivity, MetricNames.MeanAbsoluteCorrelation, MetricNames.WeightHoyer];

    private const double Level = 0.05;

    private readonly StudyPlan plan;
    private readonly IReadOnlyList<PlannedTest> planned;
    private readonly IReadOnlyList<Pair> pairs;

    /// <summary>What is learnt, in words, and the metric in which forgetting is told.</summary>
    private readonly (string Learning, string Forgetting) words;

    /// <summary>Compares every method with every baseline in every metric.</summary>
    /// <param name="selection">The setting.</param>
    /// <param name="baselines">What the methods are compared with; those that are not among them are left out.</param>
    /// <param name="planned">The comparisons that were written down before the runs.</param>
    public ContinualAnswer(RunSelection selection, IReadOnlyList<string> baselines, IReadOnlyList<PlannedTest> planned)
    {
        this.plan = selection.Plan;
        this.planned = planned;
        this.words = (selection.LearningInWords, selection.Learning == MetricNames.LearningBits ? MetricNames.ForgettingBits : MetricNames.Forgetting);
        var results = selection.Results();
        var paths = Kept.Concat(Looks).Where(metric => results.Any(r => r.Metrics.ContainsKey(metric)))
            .ToDictionary(metric => metric, metric => selection.Paths(metric).ToDictionary(p => p.Key, p => MatchedComparison.Prepare(p.Value)));
        string[] methods = [.. this.plan.Methods.Select(m => m.Name)];
        string[] against = [.. baselines.Where(methods.Contains)];
        // Of two baselines the later one is compared with the earlier, not the earlier with it once more.
        var compared = from baseline in against
                       from method in methods
                       where method != baseline && !against.TakeWhile(b => b != baseline).Contains(method)
                       select (method, baseline);
        // All pairs resample the same seeds, which are drawn in one order, so that the order in which they are computed does not matter.
        this.pairs =
        [
            .. from pair in compared.AsParallel().AsOrdered()
               let method = pair.method
               let baseline = pair.baseline
               select new Pair(method, baseline, paths.ToDictionary(p => p.Key, p =>
                   MatchedComparison.Of(p.Value[method], p.Value[baseline], ShownMetric.Of(p.Key).Crossing, ShownMetric.Of(p.Key).Values))),
        ];
    }

    /// <summary>The planned tests, corrected among themselves. One whose methods were not run is not there.</summary>
    public IReadOnlyList<PairwiseTest> PlannedTests => Corrected([.. from test in this.planned
                                                                     from pair in this.pairs
                                                                     where (pair.Method, pair.Baseline) == (test.Method, test.Baseline) && pair.By.ContainsKey(test.Metric)
                                                                     select (pair, test.Metric)]);

    /// <summary>The other comparisons of the main metrics, corrected among themselves too, and exploratory all the same.</summary>
    public IReadOnlyList<PairwiseTest> ExploredTests => Corrected([.. from metric in Explored
                                                                      from pair in this.pairs
                                                                      where pair.By.TryGetValue(metric, out var matched) && matched.Difference.IsDefined && !matched.IsNarrow
                                                                          && !this.planned.Any(t => (t.Metric, t.Method, t.Baseline) == (metric, pair.Method, pair.Baseline))
                                                                      select (pair, metric)]);

    /// <summary>The differences as tables; none without a baseline.</summary>
    /// <param name="suffix">Behind the tables' titles.</param>
    public IEnumerable<SummaryTable> Tables(string suffix = "")
    {
        if (this.pairs.Count == 0)
            yield break;
        foreach (var (title, metrics) in new[] { ($"Forgetting at equal {this.words.Learning}", Kept), ($"Representation and weights at equal {this.words.Learning}", Looks) })
        {
            string[] measured = [.. metrics.Where(this.pairs[0].By.ContainsKey)];
            if (measured.Length == 0)
                continue;
            yield return new()
            {
                Title = title + suffix,
                Note = "Mean difference, optimizer − baseline, over the range of " + this.words.Learning + " that the mean paths of both reach, with its " + Counted.IntervalName(this.plan.Seeds) + " over seeds. The range stands beside each row; one of less than 0.01 is narrow: two optimizers that touch at one end, shown and not counted.",
                Metrics = [.. measured.Select(m => ShownMetric.Of(m).Column with { Better = Better.Neither })],
                Rows = [.. this.pairs.Select(p => new SummaryRow(p.Method, [.. measured.Select(m => p.By[m].Difference)], $"against {p.Baseline}{p.By[measured[0]].Range}"))],
            };
        }
    }

    /// <summary>The answer in a few sentences.</summary>
    public IEnumerable<string> Sentences()
    {
        foreach (var group in this.pairs.Where(p => p.By.ContainsKey(this.words.Forgetting)).GroupBy(p => p.Baseline))
        {
            var differences = group.Select(p => (p.Method, Matched: p.By[this.words.Forgetting])).Where(d => d.Matched.Difference.IsDefined && !d.Matched.IsNarrow).ToArray();
            if (differences.Length == 0)
                continue;
            if (this.plan.Seeds == 1)
            {
                yield return $"One seed cannot say who forgets less than {group.Key} at equal {this.words.Learning}.";
                continue;
            }

            var less = differences.Where(d => d.Matched.Difference.High < 0).ToArray();
            var more = differences.Where(d => d.Matched.Difference.Low > 0).ToArray();
            yield return $"At equal {this.words.Learning}, {Names(less, "less than " + group.Key)}; {Names(more, "more")}"
                + $"{(less.Length + more.Length < differences.Length ? "; for the others the interval includes no difference" : "")}.";
        }

        var tests = this.PlannedTests;
        if (tests.Count > 0 && this.plan.Seeds > 1)
        {
            var smallest = tests.Select(t => t.SmallestPossiblePValue).Where(p => !double.IsNaN(p)).DefaultIfEmpty(1).Min();
            if (smallest > Level)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"With {Counted.Seeds(this.plan.Seeds)} none of the {tests.Count} planned tests can pass 0.05, whatever the difference (the smallest p is {smallest:0.##}): they wait for more seeds.");
                tests = [];
            }

            var passed = tests.Where(t => t.HolmPValue <= Level).Select(t => $"{t.Optimizer} against {t.Baseline}, {t.Metric.ToLowerInvariant()} {t.Difference.ToString(t.Format)}, {this.Agreement(t)}").ToArray();
            if (tests.Count > 0)
                yield return $"Of {tests.Count} planned tests {passed.Length} pass 0.05 after correction{(passed.Length == 0 ? "" : ": " + string.Join("; ", passed))}.";
        }
    }

    /// <summary>What the result says: forgetting of every pair, and all metrics of the pairs that were planned.</summary>
    public IEnumerable<string> Says()
    {
        var open = 0;
        foreach (var pair in this.pairs)
        {
            var isPlanned = this.planned.Any(t => (t.Method, t.Baseline) == (pair.Method, pair.Baseline));
            foreach (var (metric, matched) in pair.By.Where(m => isPlanned || m.Key == this.words.Forgetting))
            {
                if (!matched.Difference.IsDefined || matched.IsNarrow)
                    continue;
                if (matched.Difference.Contains(0))
                {
                    open++;
                    continue;
                }

                var column = ShownMetric.Of(metric).Column;
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"At {this.words.Learning} {matched.Low:0.000} to {matched.High:0.000}, {column.Name.ToLowerInvariant()} of {pair.Method} less that of {pair.Baseline} is {matched.Difference.ToString(column.Format)}{(matched.Difference.HasEnds ? "" : ", of a single seed")}.");
            }
        }

        if (open > 0)
            yield return $"In {open} more {(open == 1 ? "comparison" : "comparisons")} the interval includes no difference.";
    }

    private static string Names(IReadOnlyList<(string Method, MatchedComparison Matched)> found, string how) => found.Count == 0
        ? $"none forgets {how}"
        : $"{string.Join(", ", found.Select(f => $"{f.Method} ({f.Matched.Difference.ToString("0.000")})"))} {(found.Count == 1 ? "forgets" : "forget")} {how}";

    private static IReadOnlyList<PairwiseTest> Corrected(IReadOnlyList<(Pair Pair, string Metric)> comparisons)
    {
        var results = comparisons.Select(c => PairedComparison.Of(c.Pair.By[c.Metric].PerSeed, [.. c.Pair.By[c.Metric].PerSeed.Select(_ => 0.0)])).ToArray();
        var corrected = HolmCorrection.Of([.. results.Select(r => r.Test.PValue)]);
        return [.. comparisons.Select((c, i) => new PairwiseTest(
            ShownMetric.Of(c.Metric).Column.Name, c.Pair.Method, c.Pair.Baseline, results[i].Pairs, c.Pair.By[c.Metric].Difference,
            results[i].Test.PValue, corrected[i], results[i].Test.SmallestPossible, results[i].EffectSize, ShownMetric.Of(c.Metric).Column.Format)
        {
            Note = c.Pair.By[c.Metric].Range.TrimStart(',', ' '),
        })];
    }

    private string Agreement(PairwiseTest test) =>
        this.planned.First(t => (ShownMetric.Of(t.Metric).Column.Name, t.Method, t.Baseline) == (test.Metric, test.Optimizer, test.Baseline)).Expected == Math.Sign(test.Difference.Estimate)
            ? "as the position paper expects" : "against what the position paper expects";

    /// <summary>A method, what it is compared with, and the comparison in each metric.</summary>
    private sealed record Pair(string Method, string Baseline, IReadOnlyDictionary<string, MatchedComparison> By);
}
