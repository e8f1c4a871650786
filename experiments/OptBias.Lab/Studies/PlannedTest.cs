namespace OptBias.Lab.Studies;

/// <summary>A comparison at equal learning accuracy that was written down before the runs. docs/studies.md says why each.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Method">The method.</param>
/// <param name="Baseline">What it is compared with: equal but for one thing.</param>
/// <param name="Expected">What the position paper expects of method − baseline: −1 below zero, 1 above.</param>
public sealed record PlannedTest(string Metric, string Method, string Baseline, int Expected)
{
    /// <summary>
    /// The planned tests of class-incremental learning. Shampoo and AdamW share momentum, the length of the step and the decay; Shampoo without
    /// its graft and SGD with momentum share momentum and the lack of a graft. What is left is the preconditioner.
    /// </summary>
    public static IReadOnlyList<PlannedTest> ClassIncremental { get; } =
    [
        new(MetricNames.Forgetting, "Shampoo", "AdamW", -1),
        new(MetricNames.EffectiveRank, "Shampoo", "AdamW", -1),
        new(MetricNames.ClassSelectivity, "Shampoo", "AdamW", 1),
        new(MetricNames.MeanAbsoluteCorrelation, "Shampoo", "AdamW", -1),
        new(MetricNames.Forgetting, "ShampooNoGraft", "SgdMomentum", -1),
        new(MetricNames.EffectiveRank, "ShampooNoGraft", "SgdMomentum", -1),
    ];
}
