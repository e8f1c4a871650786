using OptBias.Lab.Reports;
using OptBias.Lab.Storage;
using OptBias.Lab.Tasks;
using OptBias.Lab.Training;

namespace OptBias.Lab.Studies;

/// <summary>Whether two optimizers end in different solutions from the same start, by more than another seed would make.</summary>
/// <param name="presets">The presets, or null for the usual ones.</param>
public sealed class SimilarityStudy(IReadOnlyList<Preset>? presets = null) : Study
{
    private static readonly SingleTask Task = new();

    /// <inheritdoc />
    public override string Name => "similarity";

    /// <inheritdoc />
    public override string Summary => "how unlike the solutions of two optimizers are from the same start, against another seed";

    /// <inheritdoc />
    public override IReadOnlyList<Preset> Presets { get; } = presets ??
    [
        new("quick", Seeds: 3, TuningSeeds: 1, Rates: 4, Epochs: 3, BatchSize: 64, EvaluationLimit: 1000),
        new("standard", Seeds: 10, TuningSeeds: 3, Rates: 12, Epochs: 2, BatchSize: 64, EvaluationLimit: 1000),
        new("full", Seeds: 10, TuningSeeds: 3, Rates: 12, Epochs: 20, BatchSize: 64, EvaluationLimit: 2000),
    ];

    /// <inheritdoc />
    public override IReadOnlyList<string> DefaultMethods(Preset preset) => preset.Name == "quick"
        ? ["Sgd", "AdamW", "Shampoo", "PowerPropSgd"]
        : ["Sgd", "AdamW", "Shampoo", "Soap", "Muon", "PowerPropSgd"];

    /// <inheritdoc />
    public override Method Method(string name, IOptimizerSource optimizers) => Methods.ForOneTask(base.Method(name, optimizers));

    /// <inheritdoc />
    public override IReadOnlyList<Stage> Stages(StudyPlan plan) =>
    [
        new("tuning", _ => [.. from seed in plan.TuningSeeds
                               from method in plan.Methods
                               from rate in plan.Rates(method)
                               select Train(plan, method, rate, Phase.Tuning, seed, Probes.None)]),
        new("networks", runs => this.Networks(plan, runs)),
        new("comparisons", runs => this.Comparisons(plan, runs)),
    ];

    /// <inheritdoc />
    public override IEnumerable<(string Method, int Count)> Expected(StudyPlan plan)
    {
        foreach (var method in plan.Methods)
        {
            yield return (method.Name, (plan.Rates(method).Count * plan.TuningSeeds.Count) + plan.Seeds);
            yield return (Pair(method.Name, method.Name), Ring(plan).Count());
        }

        yield return (UntrainedTrial.Name, plan.Seeds);
        foreach (var (a, b) in Pairs(plan))
            yield return (Pair(a, b), plan.Seeds + Ring(plan).Count());
    }

    /// <inheritdoc />
    public override RunSelection Choices(StudyPlan plan, IReadOnlyList<RunRecord> runs) => new(plan, runs, _ => true);

    /// <inheritdoc />
    public override StudyReport Report(StudyPlan plan, IReadOnlyList<RunRecord> runs, ReportSettings settings) =>
        new SimilarityReport(this, plan, runs, settings).Build();

    /// <summary>The name of a comparison.</summary>
    internal static string Pair(string first, string second) => first + ComparisonTrial.Separator + second;

    /// <summary>The pairs of different methods.</summary>
    internal static IEnumerable<(string First, string Second)> Pairs(StudyPlan plan) =>
        plan.Methods.SelectMany((a, i) => plan.Methods.Skip(i + 1).Select(b => (a.Name, b.Name)));

    /// <summary>Each seed with the next, in a ring, so that each takes part in two comparisons; one pair for two seeds, none for one.</summary>
    internal static IEnumerable<(int Seed, int Next)> Ring(StudyPlan plan) => plan.Seeds < 2 ? [] : plan.ResultSeeds
        .Select(seed => (seed, seed == plan.Seeds ? 1 : seed + 1)).Take(plan.Seeds == 2 ? 1 : plan.Seeds);

    private static TrainingTrial Train(StudyPlan plan, Method method, double rate, string phase, int seed, Probes probes) => new()
    {
        Phase = phase,
        Method = method.Name,
        Seed = seed,
        Training = method,
        LearningRate = rate,
        Model = plan.Model,
        Scenario = plan.Of(Task),
        Plan = plan.Preset.Training,
        Probes = probes,
    };

    private List<Trial> Networks(StudyPlan plan, IReadOnlyList<RunRecord> runs)
    {
        var winners = new RunSelection(plan, runs, _ => true).Winners().ToDictionary(w => w.Method, w => w.LearningRate);
        return
        [
            .. UntrainedTrial.Of(plan, new(plan.Model, Task, plan.Preset.Training)),
            .. from seed in plan.ResultSeeds
               from method in plan.Methods
               where !double.IsNaN(winners[method.Name])
               select Train(plan, method, winners[method.Name], Phase.Result, seed, Probes.Representation | Probes.Sharpness | Probes.Network),
        ];
    }

    private List<Trial> Comparisons(StudyPlan plan, IReadOnlyList<RunRecord> runs)
    {
        // Only the networks of this plan, and only those that came to their end, can be compared.
        var whole = runs.Where(r => r.Phase == Phase.Result && r.Diverged is null).ToDictionary(r => (r.Method, r.Seed), r => r.Key);
        var trials = new List<Trial>();
        foreach (var seed in plan.ResultSeeds)
        {
            foreach (var (a, b) in Pairs(plan))
                Add(a, seed, b, seed);
        }

        // Like with like: two methods across the same two seeds as each method with itself.
        foreach (var (seed, next) in Ring(plan))
        {
            foreach (var (a, b) in Pairs(plan))
                Add(a, seed, b, next);
            foreach (var method in plan.Methods)
                Add(method.Name, seed, method.Name, next);
        }

        return trials;

        void Add(string first, int firstSeed, string second, int secondSeed)
        {
            if (!whole.TryGetValue((first, firstSeed), out var a) || !whole.TryGetValue((second, secondSeed), out var b))
                return;
            trials.Add(new ComparisonTrial
            {
                Phase = Phase.Comparison,
                Method = Pair(first, second),
                Seed = firstSeed,
                SecondSeed = secondSeed,
                First = a,
                Second = b,
                Model = plan.Model,
                Scenario = plan.Of(Task),
                Plan = plan.Preset.Training,
            });
        }
    }
}
