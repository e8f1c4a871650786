using System.Globalization;
using OptBias.Lab.Models;
using OptBias.Lab.Reports;
using OptBias.Lab.Storage;
using OptBias.Lab.Tasks;

namespace OptBias.Lab.Studies;

/// <summary>A point at which the scale study measures.</summary>
/// <param name="Width">Width of the network.</param>
/// <param name="Fraction">Fraction of the training digits.</param>
public sealed record ScalePoint(int Width, double Fraction);

/// <summary>Whether an optimizer's bias grows, shrinks or stays with the width of the network and the amount of data.</summary>
/// <param name="presets">The presets, or null for the usual ones.</param>
public sealed class ScaleStudy(IReadOnlyList<Preset>? presets = null) : Study
{
    /// <inheritdoc />
    public override string Name => "scale";

    /// <inheritdoc />
    public override string Summary => "whether the bias grows, shrinks or stays with width and data (class-incremental)";

    /// <summary>How digits become tasks.</summary>
    public static Scenario Scenario { get; } = new ClassIncremental();

    /// <inheritdoc />
    public override IReadOnlyList<Preset> Presets { get; } = presets ??
    [
        new("quick", Seeds: 3, TuningSeeds: 1, Rates: 3, Epochs: 1, BatchSize: 32, EvaluationLimit: 400),
        new("standard", Seeds: 5, TuningSeeds: 1, Rates: 5, Epochs: 1, BatchSize: 32, EvaluationLimit: 1000),
        new("full", Seeds: 10, TuningSeeds: 2, Rates: 12, Epochs: 2, BatchSize: 32, EvaluationLimit: 2000),
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
            _ => ([64, 256, 1024], [0.1, 0.3]),
        };
        return [.. widths.Select(w => new ScalePoint(w, 1)), .. fractions.Select(f => new ScalePoint(plan.Model.Width, f)), .. fractions.Length > 0 && !widths.Contains(plan.Model.Width) ? [new ScalePoint(plan.Model.Width, 1)] : Array.Empty<ScalePoint>()];
    }

    /// <summary>The network of a point.</summary>
    public static ModelSpecification Model(StudyPlan plan, ScalePoint point) => (plan.Model with { Width = point.Width }).Validated();

    /// <inheritdoc />
    public override IEnumerable<KeyValuePair<string, string>> Grid(StudyPlan plan) =>
        [new("points", string.Join("; ", Points(plan).Select(p => string.Create(CultureInfo.InvariantCulture, $"width {p.Width} data {p.Fraction:R}"))))];

    /// <inheritdoc />
    public override IReadOnlyList<Stage> Stages(StudyPlan plan) =>
    [
        new("tuning", _ => Trials(plan, Phase.Tuning, plan.TuningSeeds, Probes.None)),
        new("results", _ => Trials(plan, Phase.Result, plan.ResultSeeds, Probes.Representation | Probes.Pruning)),
    ];

    /// <inheritdoc />
    public override IEnumerable<(string Method, int Count)> Expected(StudyPlan plan) =>
        plan.Methods.Select(m => (m.Name, plan.Rates(m).Count * Points(plan).Count * (plan.Seeds + plan.TuningSeeds.Count)));

    /// <inheritdoc />
    public override StudyReport Report(StudyPlan plan, IReadOnlyList<RunRecord> runs, ReportSettings settings) =>
        new ScaleReport(this, plan, runs, settings).Build();

    private static List<Trial> Trials(StudyPlan plan, string phase, IReadOnlyList<int> seeds, Probes probes) =>
    [
        .. from seed in seeds
           from point in Points(plan)
           from method in plan.Methods
           from rate in plan.Rates(method)
           select new TrainingTrial
           {
               Phase = phase,
               Method = method.Name,
               Seed = seed,
               Training = method,
               LearningRate = rate,
               Model = Model(plan, point),
               Scenario = Scenario,
               Plan = plan.Preset.Training with { Fraction = point.Fraction },
               Probes = probes,
           },
    ];
}
