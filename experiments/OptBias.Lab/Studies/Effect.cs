using OptBias.Lab.Statistics;

namespace OptBias.Lab.Studies;

/// <summary>What the interval of an effect says of the position paper's expectation.</summary>
public enum EffectVerdict
{
    /// <summary>The interval excludes zero, on the side that the paper expects.</summary>
    Agrees,

    /// <summary>The interval excludes zero, on the other side.</summary>
    Contradicts,

    /// <summary>The interval includes zero, or the two methods reach no learning accuracy in common.</summary>
    Open,
}

/// <summary>A difference of two methods in one setting of a study, at equal learning accuracy.</summary>
/// <param name="Test">Metric, method, baseline, and what the position paper expects.</param>
/// <param name="Scenario">The scenario: "class-incremental".</param>
/// <param name="Network">The network: "mlp-128x2".</param>
/// <param name="Comparison">The difference and the range that it was taken over.</param>
/// <param name="Level">The baseline's own mean over the range; NaN where there is none.</param>
public sealed record Effect(PlannedTest Test, string Scenario, string Network, MatchedComparison Comparison, double Level)
{
    /// <summary>Whether it was written down before the runs; any other is exploratory.</summary>
    public bool IsPlanned { get; init; }

    /// <summary>The difference in parts of the baseline's mean, so that effects on different metrics share an axis.</summary>
    public Interval Relative => this.Comparison.Difference.IsDefined && this.Level != 0 && double.IsFinite(this.Level)
        ? this.Comparison.Difference.Scale(1 / Math.Abs(this.Level)) : Interval.Undefined;

    /// <summary>What the interval says. A range of less than a point of accuracy says nothing.</summary>
    public EffectVerdict Verdict => this.Comparison is { Difference: { IsDefined: true, HasEnds: true } difference, IsNarrow: false } && !difference.Contains(0)
        ? Math.Sign(difference.Estimate) == this.Test.Expected ? EffectVerdict.Agrees : EffectVerdict.Contradicts
        : EffectVerdict.Open;

    /// <summary>The effects of comparisons in one setting; those whose methods or metric were not run are left out.</summary>
    /// <param name="selection">The runs of the setting.</param>
    /// <param name="scenario">Its scenario.</param>
    /// <param name="network">Its network.</param>
    /// <param name="tests">The comparisons.</param>
    public static IReadOnlyList<Effect> Of(RunSelection selection, string scenario, string network, IReadOnlyList<PlannedTest> tests)
    {
        var results = selection.Results();
        var effects = new List<Effect>();
        foreach (var group in tests.GroupBy(test => test.Metric))
        {
            if (!results.Any(run => run.Metrics.ContainsKey(group.Key)))
                continue;
            var (paths, shown) = (selection.Paths(group.Key), ShownMetric.Of(group.Key));
            foreach (var test in group.Where(test => paths.ContainsKey(test.Method) && paths.ContainsKey(test.Baseline)))
            {
                var comparison = MatchedComparison.Of(paths[test.Method], paths[test.Baseline], shown.Crossing, shown.Values);
                effects.Add(new(test, scenario, network, comparison, MatchedComparison.Level(paths[test.Baseline], comparison.Low, comparison.High, shown.Crossing)));
            }
        }

        return [.. tests.SelectMany(test => effects.Where(effect => effect.Test == test))];
    }
}
