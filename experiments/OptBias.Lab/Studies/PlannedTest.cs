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

    /// <summary>
    /// What the position paper is asked for in every scenario and network: the planned tests, the masked accuracy and nearest class mean that tell the
    /// representation from the head, and the sparsity of Powerpropagation's weights. Only in the setting of <see cref="ClassIncremental"/> is any of it planned.
    /// </summary>
    public static IReadOnlyList<PlannedTest> Everywhere { get; } =
    [
        .. ClassIncremental,
        new(MetricNames.ClassSelectivity, "ShampooNoGraft", "SgdMomentum", 1),
        new(MetricNames.MeanAbsoluteCorrelation, "ShampooNoGraft", "SgdMomentum", -1),
        new(MetricNames.MaskedAverageAccuracy, "Shampoo", "AdamW", 1),
        new(MetricNames.ForgettingBits, "Shampoo", "AdamW", -1),
        new(MetricNames.ForgettingBits, "ShampooNoGraft", "SgdMomentum", -1),
        new(MetricNames.WeightHoyer, "PowerPropSgd", "Sgd", 1),
        new(MetricNames.AccuracyAtTenPercent, "PowerPropSgd", "Sgd", 1),
    ];

    /// <summary>The same for one task with all classes: what Powerpropagation, exact and as a preconditioner, does to the weights. Nothing of it is planned.</summary>
    public static IReadOnlyList<PlannedTest> OneTask { get; } =
    [
        new(MetricNames.WeightHoyer, "PowerPropMomentum", "SgdMomentum", 1),
        new(MetricNames.AccuracyAtTenPercent, "PowerPropMomentum", "SgdMomentum", 1),
        new(MetricNames.WeightHoyer, "PowerPropPreconditionedMomentum", "SgdMomentum", 1),
        new(MetricNames.AccuracyAtTenPercent, "PowerPropPreconditionedMomentum", "SgdMomentum", 1),
    ];
}
