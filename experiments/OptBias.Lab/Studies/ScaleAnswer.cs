using OptBias.Lab.Reports;
using OptBias.Lab.Statistics;

namespace OptBias.Lab.Studies;

/// <summary>Whether a difference of two optimizers grows, shrinks or stays between two ends of a scale, in a sentence.</summary>
internal static class ScaleAnswer
{
    private const string Format = "0.000";

    /// <summary>"With width the difference of forgetting, Sgd less AdamW, grows: 0.02 [..] at width 32, 0.10 [..] at width 128, a change of 0.08 [..]."</summary>
    /// <param name="what">What grows: "width".</param>
    /// <param name="method">The method.</param>
    /// <param name="baseline">What it is compared with.</param>
    /// <param name="first">The smaller end.</param>
    /// <param name="last">The larger end.</param>
    public static string Say(string what, string method, string baseline, (string Name, RunSelection Selection) first, (string Name, RunSelection Selection) last)
    {
        var (from, to) = (Paths(first.Selection, method, baseline), Paths(last.Selection, method, baseline));
        var (small, large) = (MatchedComparison.Of(from.Method, from.Baseline), MatchedComparison.Of(to.Method, to.Baseline));
        var missing = new[] { (first.Name, small), (last.Name, large) }.Where(end => !end.Item2.Difference.IsDefined).Select(end => end.Item1).ToArray();
        if (missing.Length > 0)
            return $"Whether forgetting of {method} less that of {baseline} changes with {what} is not known: at {string.Join(" and ", missing)} they reach no common learning accuracy.";
        var change = ShownMetric.Of(MetricNames.Forgetting).Values.OfDifference.Cut(MatchedComparison.Change(from, to));
        var ends = $"{small.Difference.ToString(Format)} at {first.Name}, {large.Difference.ToString(Format)} at {last.Name}";
        return !change.HasEnds ? $"Forgetting of {method} less that of {baseline} at equal learning accuracy: {ends}, of a single seed."
            : change.Contains(0) ? $"Forgetting of {method} less that of {baseline} at equal learning accuracy is not seen to change with {what}: {ends}, a change of {change.ToString(Format)}."
            : $"Forgetting of {method} less that of {baseline} at equal learning accuracy {Verb(small.Difference, large.Difference)} with {what}: {ends}, a change of {change.ToString(Format)}.";
    }

    /// <summary>Only differences that are known to be on opposite sides of zero turn around; otherwise the larger magnitude says what happens.</summary>
    private static string Verb(Interval small, Interval large) =>
        (small.Low > 0 && large.High < 0) || (small.High < 0 && large.Low > 0) ? "turns around" : Math.Abs(large.Estimate) > Math.Abs(small.Estimate) ? "grows" : "shrinks";

    private static MatchedPaths Paths(RunSelection selection, string method, string baseline)
    {
        var frontiers = selection.Frontiers();
        return new(frontiers[method], frontiers[baseline]);
    }
}
