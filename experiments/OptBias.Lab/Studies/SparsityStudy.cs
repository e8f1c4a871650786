using OptBias.Lab.Reports;
using OptBias.Lab.Storage;
using OptBias.Lab.Tasks;
using OptBias.Lab.Training;

namespace OptBias.Lab.Studies;

/// <summary>Which optimizers find weights that can be cut away, and what part of Powerpropagation does it.</summary>
/// <param name="presets">The presets, or null for the usual ones.</param>
public sealed class SparsityStudy(IReadOnlyList<Preset>? presets = null) : TrainingStudy
{
    /// <summary>Only the initial weights are shaped as Powerpropagation's would be.</summary>
    public const string InitialisationControl = "InitOnly";

    /// <summary>Only the size of the step is Powerpropagation's, the same for all weights of a tensor.</summary>
    public const string StepSizeControl = "StepSizeOnly";

    /// <summary>Powerpropagation of the hidden weights only.</summary>
    public const string HeadControl = "PowerPropMomentum-head-SgdMomentum";

    /// <summary>Powerpropagation whose biases have the rate that goes with theirs, not with its own.</summary>
    public const string BiasControl = "PowerPropMomentum-biases-SgdMomentum";

    private const double Alpha = 2;

    /// <summary>How images become tasks: all at once.</summary>
    public static Scenario Scenario { get; } = new SingleTask();

    /// <inheritdoc />
    public override string Name => "sparsity";

    /// <inheritdoc />
    public override string Summary => "how far the weights that optimizers find can be pruned, with the controls of Powerpropagation";

    /// <inheritdoc />
    public override IReadOnlyList<Preset> Presets { get; } = presets ??
    [
        new("quick", Seeds: 3, TuningSeeds: 1, Rates: 4, Epochs: 3, BatchSize: 64, EvaluationLimit: 1000) { ResultNeighbours = 1 },
        new("standard", Seeds: 10, TuningSeeds: 3, Rates: 12, Epochs: 3, BatchSize: 64, EvaluationLimit: 1000) { ResultNeighbours = 1 },
        new("full", Seeds: 10, TuningSeeds: 3, Rates: 12, Epochs: 30, BatchSize: 64, EvaluationLimit: 2000),
    ];

    /// <inheritdoc />
    public override IReadOnlyList<string> DefaultMethods(Preset preset) => preset.Name == "quick"
        ? ["SgdMomentum", "Sgd", "PowerPropMomentum", "PowerPropSgd", "PowerPropPreconditionedMomentum", InitialisationControl, StepSizeControl, "Adam", "PowerPropAdam", "Adam-L1-0.0001", "Shampoo"]
        :
        [
            "SgdMomentum", "PowerPropMomentum-1.5", "PowerPropMomentum", "PowerPropMomentum-3", "PowerPropMomentum-4",
            "Sgd", "PowerPropSgd-1.5", "PowerPropSgd", "PowerPropSgd-3", "PowerPropSgd-4",
            "Adam", "PowerPropAdam-1.5", "PowerPropAdam", "PowerPropAdam-3", "PowerPropAdam-4",
            "PowerPropPreconditionedMomentum", InitialisationControl, StepSizeControl, HeadControl, BiasControl,
            "Adam-L1-0.00001", "Adam-L1-0.0001", "Adam-L1-0.001", "AdamW", "Shampoo",
        ];

    /// <inheritdoc />
    public override Method Method(string name, IOptimizerSource optimizers)
    {
        var momentum = Methods.ForOneTask(Methods.Find("SgdMomentum", optimizers));
        if (name.Equals(InitialisationControl, StringComparison.OrdinalIgnoreCase))
            return momentum with { Name = InitialisationControl, InitialPower = Alpha, Description = "SgdMomentum from weights shaped as sign(w)w²" };
        if (name.Equals(StepSizeControl, StringComparison.OrdinalIgnoreCase))
        {
            return momentum with
            {
                Name = StepSizeControl,
                MatchedStepPower = Alpha,
                LowestRate = momentum.LowestRate * 5,
                HighestRate = momentum.HighestRate * 5,
                Description = "SgdMomentum with each tensor's step scaled by the mean of α²|θ|^(2−2/α)",
            };
        }

        return Methods.ForOneTask(base.Method(name, optimizers));
    }

    /// <inheritdoc />
    public override Probes Probes => Probes.Representation | Probes.Pruning;

    /// <inheritdoc />
    public override IReadOnlyList<Effect> Effects(StudyPlan plan, IReadOnlyList<RunRecord> runs) =>
        Effect.Of(new(plan, runs, _ => true) { Learning = MetricNames.AverageAccuracy }, "one task", plan.Model.Name, PlannedTest.OneTask);

    /// <inheritdoc />
    public override StudyReport Report(StudyPlan plan, IReadOnlyList<RunRecord> runs, ReportSettings settings) =>
        new SparsityReport(this, plan, runs, settings).Build();
}
