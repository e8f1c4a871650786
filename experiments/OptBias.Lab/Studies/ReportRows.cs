using OptBias.Lab.Reports;
using OptBias.Lab.Reports.Figures;
using OptBias.Lab.Statistics;
using OptBias.Lab.Storage;

namespace OptBias.Lab.Studies;

/// <summary>How a metric of the runs is shown.</summary>
/// <param name="Name">Its name in the runs.</param>
/// <param name="Column">Its column.</param>
/// <param name="Range">The values that it can have; null for any.</param>
public sealed record ShownMetric(string Name, ReportMetric Column, MetricRange? Range = null)
{
    /// <summary>The values that it can have.</summary>
    public MetricRange Values => this.Range ?? MetricRange.Any;

    /// <summary>Which point of a path over learning rates counts where several learn alike: the cheapest for what is forgotten, the first for all else.</summary>
    public Crossing Crossing => this.Name is MetricNames.Forgetting or MetricNames.MaskedForgetting or MetricNames.ForgettingBits ? Crossing.Least : Crossing.First;

    /// <summary>How a metric is shown; one that the reports do not know is shown under its own name.</summary>
    public static ShownMetric Of(string name) => All.TryGetValue(name, out var known) ? known : new(name, new(name.Replace('_', ' ')));

    /// <summary>The metrics that the reports show, each with its definition in a sentence.</summary>
    public static IReadOnlyDictionary<string, ShownMetric> All { get; } = new ShownMetric[]
    {
        new(MetricNames.LearningAccuracy, new("Learning accuracy", "", Better.Higher, "Mean over the tasks of the accuracy right after learning each."), MetricRange.Unit),
        new(MetricNames.AverageAccuracy, new("Average accuracy", "", Better.Higher, "Mean accuracy over all tasks after the last."), MetricRange.Unit),
        new(MetricNames.Forgetting, new("Forgetting", "", Better.Lower, "Mean over all tasks but the last of the best accuracy before the end, less that at the end."), MetricRange.Signed),
        new(MetricNames.BackwardTransfer, new("Backward transfer", "", Better.Higher, "Mean over all tasks but the last of the accuracy at the end, less that right after learning."), MetricRange.Signed),
        new(MetricNames.MaskedAverageAccuracy, new("Masked accuracy", "", Better.Higher, "Average accuracy when only the logits of the task's own classes compete."), MetricRange.Unit),
        new(MetricNames.MaskedForgetting, new("Masked forgetting", "", Better.Lower, "Forgetting of the masked accuracy."), MetricRange.Signed),
        new(MetricNames.NearestClassMeanAccuracy, new("Nearest class mean", "", Better.Higher, "Accuracy of the classifier that takes the class whose mean representation is nearest: what the representation knows, head aside."), MetricRange.Unit),
        new(MetricNames.LearningBits, new("Learning bits", "per byte", Better.Lower, "Mean over the languages of the bits per byte right after learning each."), MetricRange.Positive),
        new(MetricNames.AverageBits, new("Average bits", "per byte", Better.Lower, "Mean bits per byte over all languages after the last."), MetricRange.Positive),
        new(MetricNames.ForgettingBits, new("Forgetting in bits", "per byte", Better.Lower, "Mean over all languages but the last of the bits per byte at the end, less the fewest before."), MetricRange.Any),
        new(MetricNames.EffectiveRank, new("Effective rank", "", Better.Neither, "Exponential of the entropy of the representation's normalised singular values.", "0.00"), MetricRange.Positive),
        new(MetricNames.StableRank, new("Stable rank", "", Better.Neither, "Squared Frobenius norm over squared spectral norm of the representation.", "0.00"), MetricRange.Positive),
        new(MetricNames.ParticipationRatio, new("Participation ratio", "", Better.Neither, "Squared sum over sum of squares of the covariance's eigenvalues.", "0.00"), MetricRange.Positive),
        new(MetricNames.PopulationSparseness, new("Population sparseness", "", Better.Neither, "Treves and Rolls, over the units of each example; 1 is one unit."), MetricRange.Unit),
        new(MetricNames.LifetimeSparseness, new("Lifetime sparseness", "", Better.Neither, "Treves and Rolls, over the examples of each unit; 1 is one example."), MetricRange.Unit),
        new(MetricNames.ClassSelectivity, new("Class selectivity", "", Better.Neither, "Mean over the units of (most active class − others) / (sum of both)."), MetricRange.Unit),
        new(MetricNames.ActivityHoyer, new("Hoyer of activity", "", Better.Neither, "Hoyer sparsity of each example's representation, averaged."), MetricRange.Unit),
        new(MetricNames.DeadUnits, new("Dead units", "", Better.Lower, "Fraction of units that no example activates. A low rank beside many dead units is collapse."), MetricRange.Unit),
        new(MetricNames.MeanAbsoluteCorrelation, new("Mean |correlation|", "", Better.Neither, "Mean absolute correlation between two units."), MetricRange.Unit),
        new(MetricNames.PredictableUnits, new("Predictable units", "", Better.Neither, "Fraction of units that the others predict with R² above 0.9."), MetricRange.Unit),
        new(MetricNames.ClassMeanSimilarity, new("Class similarity", "", Better.Neither, "Mean cosine similarity between the mean representations of two classes."), MetricRange.Signed),
        new(MetricNames.ActiveUnitOverlap, new("Active unit overlap", "", Better.Neither, "Jaccard overlap of the units that are active for a task and for the next."), MetricRange.Unit),
        new(MetricNames.WeightChangeOverlap, new("Weight change overlap", "", Better.Neither, "Mean squared cosine of the principal angles between the input directions that a task and the next change."), MetricRange.Unit),
        new(MetricNames.GradientCosine, new("Gradient cosine", "", Better.Neither, "Cosine between the gradients of a task and of the next, at the end."), MetricRange.Signed),
        new(MetricNames.WeightHoyer, new("Hoyer of weights", "", Better.Neither, "Hoyer sparsity of all weights as one vector; 1 is a single weight."), MetricRange.Unit),
        new(MetricNames.WeightGini, new("Gini of weights", "", Better.Neither, "Gini index of the magnitudes of all weights; 1 is a single weight."), MetricRange.Unit),
        new(MetricNames.WeightChangeNorm, new("Weight change", "", Better.Neither, "Euclidean norm of the change of all weights from their start to the end, biases left out.", "0.00"), MetricRange.Positive),
        new(MetricNames.RelativeWeightChange, new("Relative weight change", "", Better.Neither, "The same over the norm of the weights at the start: 0 is a network that has not moved.", "0.00"), MetricRange.Positive),
        new(MetricNames.LargestSparsity, new("Largest sparsity", "", Better.Higher, "Fraction of the weights that can be pruned before the accuracy falls a point below that of the dense network."), MetricRange.Unit),
        new(MetricNames.AccuracyAtTenPercent, new("Accuracy at 10% kept", "", Better.Higher, "Accuracy with a tenth of all weights: every layer keeps the same fraction of its largest, the head twice that."), MetricRange.Unit),
        new(MetricNames.AccuracyAtThreePercent, new("Accuracy at 3% kept", "", Better.Higher, "Accuracy with 3% of all weights, kept in the same way."), MetricRange.Unit),
        new(MetricNames.TopHessianEigenvalue, new("Sharpness", "", Better.Neither, "Largest eigenvalue of the training loss's Hessian.", "0.0")),
        new(MetricNames.LinearCka, new("CKA", "", Better.Neither, "Unbiased linear centred kernel alignment of the penultimate layer; 1 is the same up to rotation and scale."), new(double.NegativeInfinity, 1)),
        new(MetricNames.Svcca, new("SVCCA", "", Better.Neither, "Mean canonical correlation of the leading directions of the penultimate layer."), MetricRange.Unit),
        new(MetricNames.ProcrustesDistance, new("Procrustes distance", "", Better.Neither, "Distance of the two normalised representations after the best rotation; 0 is the same."), new(0, 2)),
        new(MetricNames.PredictionDisagreement, new("Disagreement", "", Better.Neither, "Fraction of test images on which the predictions differ."), MetricRange.Unit),
        new(MetricNames.LossBarrier, new("Loss barrier", "", Better.Neither, "Highest rise of the loss on the straight line between the weights."), MetricRange.Positive),
        new(MetricNames.MatchedLossBarrier, new("Barrier, matched", "", Better.Neither, "The same after the units of one network are reordered to match the other's."), MetricRange.Positive),
    }.ToDictionary(m => m.Name, StringComparer.Ordinal);
}

/// <summary>Selects runs and turns them into rows, so that all studies count in the same way.</summary>
public static class ReportRows
{
    /// <summary>Which methods leave head or biases to another optimizer, in words; null if none does.</summary>
    /// <param name="plan">The plan.</param>
    public static string? Treatment(StudyPlan plan)
    {
        var told = plan.Methods.Where(m => (m.HeadOptimizer ?? m.BiasOptimizer) is not null).Select(m => $"{m.Name} leaves {string.Join(" and ", Left(m))}").ToArray();
        return told.Length == 0 ? null : $"{string.Join("; ", told)}. All else is trained by the optimizer itself, head and biases included.";

        static IEnumerable<string> Left(Training.Method method)
        {
            if (method.HeadOptimizer is { } head)
                yield return $"the head to {head} at {Rate(method.HeadRateFactor)}";
            if (method.BiasOptimizer is { } biases)
                yield return $"the biases to {biases} at {Rate(method.BiasRateFactor)}";
        }

        static string Rate(double factor) => factor == 1 ? "the same learning rate" : FormattableString.Invariant($"{factor:G3} times the learning rate");
    }

    /// <summary>A metric over the seeds, in the order of the seeds; NaN where the run diverged or is missing.</summary>
    /// <param name="runs">Runs of one method at one setting.</param>
    /// <param name="seeds">The seeds.</param>
    /// <param name="metric">Name of the metric.</param>
    public static double[] Values(IEnumerable<RunRecord> runs, IReadOnlyList<int> seeds, string metric)
    {
        var bySeed = runs.ToDictionary(r => r.Seed);
        return [.. seeds.Select(s => bySeed.TryGetValue(s, out var run) && run.Diverged is null ? run.Metric(metric) : double.NaN)];
    }

    /// <summary>Mean of a metric over the seeds with its interval, which stays in the metric's range; how many seeds have no value is in it.</summary>
    /// <param name="runs">Runs of one method at one setting.</param>
    /// <param name="seeds">The seeds.</param>
    /// <param name="metric">Name of the metric.</param>
    public static Interval Mean(IEnumerable<RunRecord> runs, IReadOnlyList<int> seeds, string metric) =>
        ShownMetric.Of(metric).Values.Cut(Summary.Of(Values(runs, seeds, metric)).Mean);

    /// <summary>The same, but undefined where a seed has no value: for points of curves, where a mean of survivors would be another curve's.</summary>
    /// <param name="runs">Runs of one method at one setting.</param>
    /// <param name="seeds">The seeds.</param>
    /// <param name="metric">Name of the metric.</param>
    public static Interval MeanOfAll(IEnumerable<RunRecord> runs, IReadOnlyList<int> seeds, string metric) =>
        ShownMetric.Of(metric).Values.Cut(BootstrapInterval.OfMean(Values(runs, seeds, metric)));

    /// <summary>The untrained network as a row, before the rows of the methods; nothing where it was not measured.</summary>
    /// <param name="selection">The setting.</param>
    /// <param name="rows">The rows of the methods.</param>
    public static IEnumerable<(string Method, string Variant, IReadOnlyList<RunRecord> Runs)> WithUntrained(
        RunSelection selection, IEnumerable<(string Method, string Variant, IReadOnlyList<RunRecord> Runs)> rows) =>
        [.. selection.Untrained().Select(u => (UntrainedTrial.Name, u.Variant, u.Runs)), .. rows];

    /// <summary>The optimizers of a report: the plan's methods, and the untrained network, which is none but has a row and a colour.</summary>
    /// <param name="plan">The plan.</param>
    public static IReadOnlyList<ReportOptimizer> Optimizers(StudyPlan plan) =>
        [.. plan.Methods.Select(m => new ReportOptimizer(m.Name, m.Description)), Untrained];

    /// <summary>The untrained network as the reports show it.</summary>
    public static ReportOptimizer Untrained { get; } = new(UntrainedTrial.Name, "the network before its first step", "#888888") { IsReference = true };

    /// <summary>A dashed line at the mean of the untrained network; none where it was not measured.</summary>
    /// <param name="selection">The setting.</param>
    /// <param name="metric">Name of the metric.</param>
    public static IReadOnlyList<ReferenceLine> UntrainedLine(RunSelection selection, string metric) =>
        selection.Untrained().FirstOrDefault() is { Runs: { } runs } && Mean(runs, selection.Plan.ResultSeeds, metric) is { IsDefined: true } mean
            ? [new(mean.Estimate, false, "untrained") { IsInView = true }] : [];

    /// <summary>A table with a row for each method and a column for each metric.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="note">What is seen.</param>
    /// <param name="metrics">Names of the metrics.</param>
    /// <param name="rows">Method, variant, and the runs of that row.</param>
    /// <param name="seeds">The seeds.</param>
    public static SummaryTable Table(
        string title,
        string note,
        IReadOnlyList<string> metrics,
        IEnumerable<(string Method, string Variant, IReadOnlyList<RunRecord> Runs)> rows,
        IReadOnlyList<int> seeds) => new()
        {
            Title = title,
            Note = note,
            Metrics = [.. metrics.Select(m => ShownMetric.Of(m).Column)],
            Rows = [.. rows.Select(row => new SummaryRow(row.Method, [.. metrics.Select(m => Mean(row.Runs, seeds, m))], row.Variant))],
        };

    /// <summary>Paired comparisons of every method with the baselines, Holm-corrected over all of them.</summary>
    /// <param name="metrics">Names of the metrics.</param>
    /// <param name="runs">The runs of each method, in the order of the report.</param>
    /// <param name="baselines">Names of the baselines; those that are not among the methods are left out.</param>
    /// <param name="seeds">The seeds.</param>
    public static IReadOnlyList<PairwiseTest> Tests(
        IReadOnlyList<string> metrics,
        IReadOnlyList<(string Method, IReadOnlyList<RunRecord> Runs)> runs,
        IReadOnlyList<string> baselines,
        IReadOnlyList<int> seeds)
    {
        var comparisons = (
            from metric in metrics
            from baseline in runs.Where(r => baselines.Contains(r.Method))
            from method in runs
            where method.Method != baseline.Method && !(baselines.Contains(method.Method) && baselines.IndexOf(method.Method) < baselines.IndexOf(baseline.Method))
            select (metric, method: method.Method, baseline: baseline.Method,
                result: PairedComparison.Of(Values(method.Runs, seeds, metric), Values(baseline.Runs, seeds, metric)))).ToArray();
        var corrected = HolmCorrection.Of([.. comparisons.Select(c => c.result.Test.PValue)]);
        return [.. comparisons.Select((c, i) => new PairwiseTest(
            ShownMetric.Of(c.metric).Column.Name, c.method, c.baseline, c.result.Pairs, c.result.Difference,
            c.result.Test.PValue, corrected[i], c.result.Test.SmallestPossible, c.result.EffectSize, ShownMetric.Of(c.metric).Column.Format))];
    }

    /// <summary>The runs that diverged, as the report lists them.</summary>
    public static IReadOnlyList<DivergedRun> Diverged(IEnumerable<RunRecord> runs) =>
        [.. runs.Where(r => r.Diverged is not null).Select(r => new DivergedRun(r.Method, $"{r.Phase}, lr {r.Settings.GetValueOrDefault("lr", "?")}", r.Seed, r.Diverged!))];

    private static int IndexOf(this IReadOnlyList<string> list, string value)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] == value)
                return i;
        }

        return -1;
    }
}
