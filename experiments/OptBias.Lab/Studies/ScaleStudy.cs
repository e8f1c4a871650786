using OptBias.Lab.Reports;
using OptBias.Lab.Storage;
using OptBias.Lab.Tasks;

namespace OptBias.Lab.Studies;

/// <summary>A point at which the scale study measures.</summary>
/// <param name="Width">Width of the network.</param>
/// <param name="Fraction">Fraction of the training images.</param>
public sealed record ScalePoint(int Width, double Fraction);

/// <summary>Whether an optimizer's bias grows, shrinks or stays with the width of the network and the amount of data.</summary>
/// <param name="presets">The presets, or null for the usual ones.</param>
public sealed class ScaleStudy(IReadOnlyList<Preset>? presets = null) : TrainingStudy
{
    /// <inheritdoc />
    public override string Name => "scale";

    /// <inheritdoc />
    public override string Summary => "whether the bias grows, shrinks or stays with width and data (class-incremental)";

    /// <summary>How images become tasks.</summary>
    public static Scenario Scenario { get; } = new ClassIncremental();

    /// <inheritdoc />
    public override IReadOnlyList<Preset> Presets { get; } = presets ??
    [
        new("quick", Seeds: 3, TuningSeeds: 1, Rates: 3, Epochs: 1, BatchSize: 32, EvaluationLimit: 400) { ResultNeighbours = 1, ResultsReachDown = true },
        new("standard", Seeds: 10, TuningSeeds: 3, Rates: 12, Epochs: 1, BatchSize: 32, EvaluationLimit: 500) { ResultNeighbours = 1, ResultsReachDown = true },
        new("full", Seeds: 10, TuningSeeds: 3, Rates: 12, Epochs: 2, BatchSize: 32, EvaluationLimit: 2000),
    ];

    /// <inheritdoc />
    public override IReadOnlyList<string> DefaultMethods(Preset preset) => ["Sgd", "AdamW", "Shampoo", "PowerPropSgd"];

    /// <summary>The points of a preset: widths with all data, then fractions of the data at the model's own width.</summary>
    public static IReadOnlyList<ScalePoint> Points(StudyPlan plan)
    {
        var (widths, fractions) = plan.Preset.Name switch
        {
            "quick" => (new[] { 32, 128 }, Array.Empty<double>()),
            "full" => ([64, 128, 256, 512, 1024, 2048], [0.05, 0.1, 0.25, 0.5]),
            _ => ([plan.Model.Width / 4, plan.Model.Width, plan.Model.Width * 4], [0.1, 0.3]),
        };
        return [.. widths.Select(w => new ScalePoint(w, 1)), .. fractions.Select(f => new ScalePoint(plan.Model.Width, f)), .. fractions.Length > 0 && !widths.Contains(plan.Model.Width) ? [new ScalePoint(plan.Model.Width, 1)] : Array.Empty<ScalePoint>()];
    }

    /// <inheritdoc />
    public override Probes Probes => Probes.Representation | Probes.Pruning;

    /// <inheritdoc />
    public override IReadOnlyList<Setting> Settings(StudyPlan plan) => [.. Points(plan).Select(point => At(plan, point))];

    /// <summary>The setting of a point.</summary>
    public static Setting At(StudyPlan plan, ScalePoint point) =>
        new((plan.Model with { Width = point.Width }).Validated(), Scenario, plan.Preset.Training with { Fraction = point.Fraction });

    /// <summary>None: the points differ, and a choice over them would mix networks.</summary>
    public override RunSelection? Choices(StudyPlan plan, IReadOnlyList<RunRecord> runs) => null;

    /// <inheritdoc />
    public override StudyReport Report(StudyPlan plan, IReadOnlyList<RunRecord> runs, ReportSettings settings) =>
        new ScaleReport(this, plan, runs, settings).Build();
}
