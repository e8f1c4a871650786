using OptBias.Lab.Reports;
using OptBias.Lab.Storage;
using OptBias.Lab.Tasks;

namespace OptBias.Lab.Studies;

/// <summary>Which optimizers forget less, at equal learning, and what their representations look like.</summary>
/// <param name="name">Name of the study.</param>
/// <param name="title">Headline of the report.</param>
/// <param name="scenarios">How images become tasks, the main scenario first.</param>
/// <param name="presets">The presets, or null for the usual ones.</param>
public sealed class ContinualStudy(string name, string title, IReadOnlyList<Scenario> scenarios, IReadOnlyList<Preset>? presets = null) : TrainingStudy
{
    /// <inheritdoc />
    public override string Name => name;

    /// <summary>Headline of the report.</summary>
    public string Title => title;

    /// <summary>How images become tasks, the main scenario first.</summary>
    public IReadOnlyList<Scenario> Scenarios => scenarios;

    /// <summary>What the report asks.</summary>
    public string Question { get; init; } = "Which optimizers forget less, at equal learning? Are the representations they find lower in rank, more localized, less redundant, and their weights sparser?";

    /// <summary>What the methods are compared with, in tables and tests.</summary>
    public IReadOnlyList<string> Baselines { get; init; } = ["AdamW", "SgdMomentum", "Sgd"];

    /// <summary>The comparisons that were written down before the runs, in the main scenario.</summary>
    public IReadOnlyList<PlannedTest> Planned { get; init; } = [];

    /// <summary>The methods that are compared instead of the usual ones, or null.</summary>
    public IReadOnlyList<string>? Compared { get; init; }

    /// <inheritdoc />
    public override string Summary => this.About ?? $"what optimizers learn and forget: {string.Join(", ", scenarios.Select(s => s.Name))}";

    /// <summary>What tells it from other studies of this kind, in a line; null for the names of its scenarios.</summary>
    public string? About { get; init; }

    /// <inheritdoc />
    public override IReadOnlyList<Preset> Presets { get; } = presets ??
    [
        new("quick", Seeds: 3, TuningSeeds: 1, Rates: 5, Epochs: 1, BatchSize: 32, EvaluationLimit: 400) { WholeTaskFraction = 0.1, ResultNeighbours = 1, ResultsReachDown = true },
        new("standard", Seeds: 10, TuningSeeds: 3, Rates: 12, Epochs: 1, BatchSize: 32, EvaluationLimit: 500) { WholeTaskFraction = 0.1, ResultNeighbours = 2, ResultsReachDown = true },
        new("full", Seeds: 10, TuningSeeds: 3, Rates: 12, Epochs: 2, BatchSize: 32, EvaluationLimit: 2000),
    ];

    /// <inheritdoc />
    public override IReadOnlyList<string> DefaultMethods(Preset preset) => this.Compared ?? (preset.Name == "quick"
        ? ["Sgd", "AdamW", "Shampoo", "PowerPropSgd"]
        : ["Sgd", "SgdMomentum", "AdamW", "Shampoo", "ShampooNoGraft", "Soap", "Muon", "PowerPropSgd"]);

    /// <inheritdoc />
    public override Probes Probes => Probes.Representation | Probes.Interference | Probes.Pruning;

    /// <summary>Fewer than where sparsity is the question: here it stands beside forgetting, so that one network has both.</summary>
    public override int PruningExamples => 500;

    /// <inheritdoc />
    public override IReadOnlyList<Setting> Settings(StudyPlan plan) => [.. scenarios.Select(s => At(plan, s))];

    /// <summary>The setting of a scenario. Tasks that have all classes are five times as long as those that split them: a part of the data is enough.</summary>
    internal static Setting At(StudyPlan plan, Scenario scenario) =>
        new(plan.Model, scenario, plan.Preset.Training with { Fraction = scenario.SplitsClasses ? 1 : plan.Preset.WholeTaskFraction });

    /// <inheritdoc />
    public override IReadOnlyList<Effect> Effects(StudyPlan plan, IReadOnlyList<RunRecord> runs) =>
    [
        .. from scenario in scenarios
           from effect in Effect.Of(this.Select(plan, runs, At(plan, scenario)), scenario.Name, plan.Model.Name, PlannedTest.Everywhere)
           select effect with { IsPlanned = scenario == scenarios[0] && plan.Model == this.DefaultModel && this.Planned.Contains(effect.Test) },
    ];

    /// <inheritdoc />
    public override StudyReport Report(StudyPlan plan, IReadOnlyList<RunRecord> runs, ReportSettings settings) =>
        new ContinualReport(this, plan, runs, settings).Build();
}
