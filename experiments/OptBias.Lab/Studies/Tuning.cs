using OptBias.Lab.Reports;
using OptBias.Lab.Statistics;
using OptBias.Lab.Storage;

namespace OptBias.Lab.Studies;

/// <summary>What tuning chose for a method.</summary>
/// <param name="Method">The method.</param>
/// <param name="LearningRate">The winner; NaN where every rate diverged.</param>
/// <param name="Grid">The rates that were tried.</param>
/// <param name="Score">The winner's score with its interval over the tuning seeds.</param>
public sealed record TuningWinner(string Method, double LearningRate, IReadOnlyList<double> Grid, Interval Score)
{
    /// <summary>How far below the method's best learning accuracy a rate may learn and still win.</summary>
    public const double LearningTolerance = 0.05;

    /// <summary>How far below the method's best learning accuracy a rate may learn and still be of interest to a comparison at equal learning.</summary>
    public const double ReachTolerance = 0.1;

    /// <summary>
    /// Scores that lie within this of the best are a tie: five hundred examples of a task tell accuracies apart to about two points, the mean
    /// over tasks and seeds to about one.
    /// </summary>
    public const double TieTolerance = 0.01;

    /// <summary>The rates whose score ties with the best; the winner is one of them.</summary>
    public IReadOnlyList<double> Tied { get; private init; } = [];

    /// <summary>The rates whose mean learning accuracy is within <see cref="ReachTolerance"/> of the best.</summary>
    public IReadOnlyList<double> Learning { get; private init; } = [];

    /// <summary>
    /// Chooses the rate with the best mean score on validation images among those that learn: a rate that diverged for any
    /// seed cannot win, nor one whose mean learning accuracy is more than <see cref="LearningTolerance"/> below the method's
    /// best, since a rate too small to learn has little to forget. Where scores tie (<see cref="TieTolerance"/>) the score does not choose: of the rates that
    /// tie the one that learns best wins, and of those that learn alike the smallest.
    /// </summary>
    /// <param name="method">Name of the method.</param>
    /// <param name="grid">The rates that were tried.</param>
    /// <param name="runs">Tuning runs of this method.</param>
    /// <param name="metric">The score, larger is better.</param>
    public static TuningWinner Of(string method, IReadOnlyList<double> grid, IEnumerable<RunRecord> runs, string metric)
    {
        var byRate = runs.ToLookup(r => r.Number("lr"));
        var whole = grid.Where(rate => byRate[rate].Any() && byRate[rate].All(r => r.Diverged is null && double.IsFinite(r.Metric(metric)))).ToArray();
        var learning = whole.ToDictionary(rate => rate, rate => byRate[rate].Average(r => r.Metric(MetricNames.LearningAccuracy)));
        var scores = whole.Where(rate => learning[rate] >= learning.Values.Max() - LearningTolerance)
            .ToDictionary(rate => rate, rate => ShownMetric.Of(metric).Values.Cut(BootstrapInterval.OfMean([.. byRate[rate].Select(r => r.Metric(metric))])));
        double[] tied = [.. scores.Where(s => s.Value.Estimate >= scores.Values.Max(v => v.Estimate) - TieTolerance).Select(s => s.Key).Order()];
        // MaxBy takes the first of equals.
        var best = tied.Length == 0 ? double.NaN : tied.MaxBy(rate => learning[rate]);
        return new(method, best, grid, tied.Length == 0 ? Interval.Undefined : scores[best])
        {
            Tied = tied,
            Learning = [.. whole.Where(rate => learning[rate] >= learning.Values.Max() - ReachTolerance)],
        };
    }

    /// <summary>The winner as the report lists it.</summary>
    /// <param name="scoreName">What the score is.</param>
    public HyperparameterWinner ForReport(string scoreName) => new(this.Method, "lr", this.LearningRate, this.Grid, this.Score,
        this.Tied.Count < 2 ? scoreName : FormattableString.Invariant($"{scoreName}; {this.Tied.Count} rates tie within {TieTolerance}, and of these the one that learns best won"));
}
