using OptBias.Lab.Commands;
using OptBias.Lab.Reports;
using OptBias.Lab.Storage;
using OptBias.Lab.Studies;
using OptBias.Lab.Training;

namespace OptBias.Lab.Tests.Sweeps;

/// <summary>A study of two stages that trains nothing: the second one has a run for each seed, and its numbers come from the first's.</summary>
internal sealed class FakeStudy(int tuning, Func<Trial, CancellationToken, TrialOutcome>? work = null) : Study
{
    public override string Name => "fake";

    public override string Summary => "nothing";

    public override IReadOnlyList<Preset> Presets { get; } = [new("quick", Seeds: 3, TuningSeeds: 1, Rates: 2, Epochs: 1, BatchSize: 1, EvaluationLimit: 1)];

    public Laboratory Laboratory => new([this], DeclaredOptimizers.Default);

    public override IReadOnlyList<string> DefaultMethods(Preset preset) => ["Sgd"];

    public override IReadOnlyList<Stage> Stages(StudyPlan plan) =>
    [
        new("tuning", _ => [.. Enumerable.Range(1, tuning).Select(seed => this.Trial(Phase.Tuning, seed, "0"))]),
        // What the second stage runs depends on every run of the first.
        new("results", runs => [.. plan.ResultSeeds.Select(seed => this.Trial(Phase.Result, seed, $"{runs.Where(r => r.Phase == Phase.Tuning).Sum(r => r.Metric("seed"))}"))]),
    ];

    public override IEnumerable<(string Method, int Count)> Expected(StudyPlan plan) => [("Sgd", tuning + plan.Seeds)];

    public override StudyReport Report(StudyPlan plan, IReadOnlyList<RunRecord> runs, ReportSettings settings) => throw new NotSupportedException();

    public StudyPlan Plan(int seeds = 3) => this.Laboratory.Plan(this, "quick", [], null, seeds);

    public Manifest Manifest(string data = "none") => this.Plan().Manifest(this, data, "optbias run fake");

    private FakeTrial Trial(string phase, int seed, string setting) =>
        new() { Phase = phase, Method = "Sgd", Seed = seed, Setting = setting, Work = work ?? ((trial, _) => new() { Metrics = new Dictionary<string, double> { ["seed"] = trial.Seed } }) };

    private sealed record FakeTrial : Trial
    {
        public required Func<Trial, CancellationToken, TrialOutcome> Work { get; init; }

        public required string Setting { get; init; }

        public override IEnumerable<KeyValuePair<string, string>> Settings() => [new("setting", this.Setting)];

        public override TrialOutcome Execute(TrialContext context, CancellationToken cancellation) => this.Work(this, cancellation);
    }
}
