using OptBias.Lab.Reports;
using OptBias.Lab.Storage;
using OptBias.Lab.Tasks;
using OptBias.Lab.Training;

namespace OptBias.Lab.Studies;

/// <summary>Which optimizers forget less, at equal learning, and what their representations look like.</summary>
/// <param name="name">Name of the study.</param>
/// <param name="title">Headline of the report.</param>
/// <param name="scenarios">How digits become tasks, the main scenario first.</param>
/// <param name="presets">The presets, or null for the usual ones.</param>
public sealed class ContinualStudy(string name, string title, IReadOnlyList<Scenario> scenarios, IReadOnlyList<Preset>? presets = null) : Study
{
    /// <inheritdoc />
    public override string Name => name;

    /// <summary>Headline of the report.</summary>
    public string Title => title;

    /// <summary>How digits become tasks, the main scenario first.</summary>
    public IReadOnlyList<Scenario> Scenarios => scenarios;

    /// <inheritdoc />
    public override string Summary => $"what optimizers learn and forget: {string.Join(", ", scenarios.Select(s => s.Name))}";

    /// <inheritdoc />
    public override IReadOnlyList<Preset> Presets { get; } = presets ??
    [
        new("quick", Seeds: 3, TuningSeeds: 1, Rates: 5, Epochs: 1, BatchSize: 32, EvaluationLimit: 400),
        new("standard", Seeds: 5, TuningSeeds: 2, Rates: 12, Epochs: 1, BatchSize: 32, EvaluationLimit: 1000),
        new("full", Seeds: 10, TuningSeeds: 3, Rates: 12, Epochs: 2, BatchSize: 32, EvaluationLimit: 2000),
    ];

    /// <inheritdoc />
    public override IReadOnlyList<string> DefaultMethods(Preset preset) => preset.Name == "quick"
        ? ["Sgd", "AdamW", "Shampoo", "PowerPropSgd"]
        : ["Sgd", "AdamW", "Shampoo", "Soap", "Muon", "PowerPropSgd"];

    /// <inheritdoc />
    public override IEnumerable<KeyValuePair<string, string>> Grid(StudyPlan plan) =>
        [new("scenarios", string.Join("; ", scenarios.Select(s => s.Key)))];

    /// <inheritdoc />
    public override IReadOnlyList<Stage> Stages(StudyPlan plan) =>
    [
        new("tuning", _ => this.Trials(plan, Phase.Tuning, plan.TuningSeeds, Probes.None)),
        // Results run over the whole grid, not only with the winner: the frontier at matched learning accuracy needs them.
        new("results", _ => this.Trials(plan, Phase.Result, plan.ResultSeeds, Probes.Representation | Probes.Interference)),
    ];

    /// <inheritdoc />
    public override IEnumerable<(string Method, int Count)> Expected(StudyPlan plan) =>
        plan.Methods.Select(m => (m.Name, plan.Rates(m).Count * scenarios.Count * (plan.Seeds + plan.TuningSeeds.Count)));

    /// <inheritdoc />
    public override RunSelection Choices(StudyPlan plan, IReadOnlyList<RunRecord> runs) => Of(plan, runs, scenarios[0]);

    /// <summary>The runs of one scenario.</summary>
    internal static RunSelection Of(StudyPlan plan, IReadOnlyList<RunRecord> runs, Scenario scenario) =>
        new(plan, runs, r => r.Settings.GetValueOrDefault("scenario") == scenario.Key);

    /// <inheritdoc />
    public override StudyReport Report(StudyPlan plan, IReadOnlyList<RunRecord> runs, ReportSettings settings) =>
        new ContinualReport(this, plan, runs, settings).Build();

    private List<Trial> Trials(StudyPlan plan, string phase, IReadOnlyList<int> seeds, Probes probes) =>
    [
        .. from seed in seeds
           from scenario in scenarios
           from method in plan.Methods
           from rate in plan.Rates(method)
           select new TrainingTrial
           {
               Phase = phase,
               Method = method.Name,
               Seed = seed,
               Training = method,
               LearningRate = rate,
               Model = plan.Model,
               Scenario = scenario,
               Plan = plan.Preset.Training,
               Probes = probes,
           },
    ];
}
