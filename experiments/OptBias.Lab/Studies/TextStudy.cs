using OptBias.Lab.Data;
using OptBias.Lab.Models;
using OptBias.Lab.Reports;
using OptBias.Lab.Storage;
using OptBias.Lab.Tasks;
using OptBias.Lab.Training;

namespace OptBias.Lab.Studies;

/// <summary>A second kind of data: a causal transformer reads one language after the other, and forgetting is in bits per byte.</summary>
/// <param name="presets">The presets, or null for the usual ones.</param>
public sealed class TextStudy(IReadOnlyList<Preset>? presets = null) : TrainingStudy
{
    /// <inheritdoc />
    public override string Name => "text";

    /// <inheritdoc />
    public override string Summary => "what optimizers forget of languages, in bits per byte (a causal transformer)";

    /// <inheritdoc />
    public override bool IsOfText => true;

    /// <inheritdoc />
    public override ModelSpecification DefaultModel => ModelSpecification.Of(ModelKind.Bytes);

    /// <summary>What the methods are compared with, in tables and tests.</summary>
    public static IReadOnlyList<string> Baselines { get; } = ["AdamW", "SgdMomentum", "Sgd"];

    /// <inheritdoc />
    public override IReadOnlyList<Preset> Presets { get; } = presets ??
    [
        new("quick", Seeds: 3, TuningSeeds: 1, Rates: 4, Epochs: 1, BatchSize: 32, EvaluationLimit: 64) { WholeTaskFraction = 0.25, ResultNeighbours = 1, ResultsReachDown = true },
        new("standard", Seeds: 10, TuningSeeds: 3, Rates: 12, Epochs: 1, BatchSize: 32, EvaluationLimit: 256) { ResultNeighbours = 2, ResultsReachDown = true },
        new("full", Seeds: 10, TuningSeeds: 3, Rates: 12, Epochs: 3, BatchSize: 32, EvaluationLimit: 1000),
    ];

    /// <inheritdoc />
    public override IReadOnlyList<string> DefaultMethods(Preset preset) => preset.Name == "quick"
        ? ["Sgd", "AdamW", "Shampoo"]
        : ["Sgd", "SgdMomentum", "AdamW", "Shampoo", "ShampooNoGraft", "Soap", "Muon"];

    /// <inheritdoc />
    public override IStudyData Load(string? directory) => TextData.Load(directory);

    /// <inheritdoc />
    public override IReadOnlyList<Setting> Settings(StudyPlan plan) =>
        [new(plan.Model, new LanguageSequence(), plan.Preset.Training with { Fraction = plan.Preset.WholeTaskFraction })];

    /// <inheritdoc />
    public override RunSelection Choices(StudyPlan plan, IReadOnlyList<RunRecord> runs) => new(plan, runs, _ => true) { Learning = MetricNames.LearningBits };

    /// <inheritdoc />
    public override IReadOnlyList<Effect> Effects(StudyPlan plan, IReadOnlyList<RunRecord> runs) =>
        Effect.Of(this.Choices(plan, runs), "languages", plan.Model.Name, PlannedTest.Everywhere);

    /// <inheritdoc />
    public override StudyReport Report(StudyPlan plan, IReadOnlyList<RunRecord> runs, ReportSettings settings) => new TextReport(this, plan, runs, settings).Build();

    /// <inheritdoc />
    protected override Trial Train(Setting setting, Method method, double rate, string phase, int seed) => new TextTrial
    {
        Phase = phase,
        Method = method.Name,
        Seed = seed,
        Training = method,
        LearningRate = rate,
        Model = setting.Model,
        Plan = setting.Training,
    };

    /// <inheritdoc />
    protected override IEnumerable<Trial> Untrained(StudyPlan plan) =>
        from seed in plan.ResultSeeds
        from setting in this.Settings(plan)
        select new TextTrial { Phase = Phase.Untrained, Method = UntrainedTrial.Name, Seed = seed, Model = setting.Model, Plan = setting.Training };

    /// <summary>The name of the tasks; the languages themselves come with the data.</summary>
    private sealed record LanguageSequence : Scenario
    {
        public override string Name => TextTrial.Scenario;

        public override int Tasks => 1;

        public override string Description => "Languages one after the other, read as bytes; nobody tells the network which one it reads.";

        public override string TaskName(int task) => "a language";

        public override ExampleSet Take(ExampleSet source, int task, DataPart part, long seed) => throw new NotSupportedException("Languages are not made of images.");
    }
}
