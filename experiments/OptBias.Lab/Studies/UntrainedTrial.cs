using System.Globalization;
using OptBias.Lab.Models;
using OptBias.Lab.Storage;
using OptBias.Lab.Tasks;
using OptBias.Lab.Training;

namespace OptBias.Lab.Studies;

/// <summary>Measures a network before its first step: what a metric is without any optimizer.</summary>
public sealed record UntrainedTrial : Trial
{
    /// <summary>The name under which reports show it.</summary>
    public const string Name = "Untrained";

    /// <summary>The network.</summary>
    public required ModelSpecification Model { get; init; }

    /// <summary>How images become tasks.</summary>
    public required Scenario Scenario { get; init; }

    /// <summary>How much data the trained ones see.</summary>
    public required TrainingPlan Plan { get; init; }

    /// <summary>The shape that a method gives the initial weights; 1 for none.</summary>
    public double InitialPower { get; init; } = 1;

    /// <inheritdoc />
    public override IEnumerable<KeyValuePair<string, string>> Settings() =>
    [
        new("scenario", this.Scenario.Key),
        new("model", this.Model.Name),
        new("width", this.Model.Width.ToString(CultureInfo.InvariantCulture)),
        new("initial power", this.InitialPower.ToString("R", CultureInfo.InvariantCulture)),
        .. this.Plan.Settings(),
    ];

    /// <summary>The trials of a setting: one for each seed, and for each shape that some method gives the initial weights.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="setting">The setting.</param>
    public static IEnumerable<UntrainedTrial> Of(StudyPlan plan, Setting setting) =>
        from seed in plan.ResultSeeds
        from power in Powers(plan)
        select new UntrainedTrial { Phase = Studies.Phase.Untrained, Method = Name, Seed = seed, Model = setting.Model, Scenario = setting.Scenario, Plan = setting.Training, InitialPower = power };

    /// <summary>The shapes of the initial weights in a plan, the plain one first.</summary>
    public static IReadOnlyList<double> Powers(StudyPlan plan) => [.. plan.Methods.Select(m => m.InitialPower).Prepend(1).Distinct()];

    /// <inheritdoc />
    public override TrialOutcome Execute(TrialContext context, CancellationToken cancellation)
    {
        using var sets = new TaskSets(context.Images, this.Scenario, this.Plan, onValidation: false, this.Seed);
        using var network = this.Model.Create(this.Seed, context.Data.Device);
        MethodOptimizer.ReshapeWeights(network, this.InitialPower);
        var accuracies = Enumerable.Range(0, this.Scenario.Tasks).Select(t => Evaluation.Accuracy(network, sets.Evaluation(t), this.Scenario.Classes(t))).ToArray();
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            [MetricNames.AverageAccuracy] = accuracies.Average(a => a.Accuracy),
            [MetricNames.WeightChangeNorm] = 0,
            [MetricNames.RelativeWeightChange] = 0,
        };
        if (this.Scenario.SplitsClasses)
            metrics[MetricNames.MaskedAverageAccuracy] = accuracies.Average(a => a.Masked);
        var curves = new List<Curve>();
        Measurements.AddTo(metrics, curves, network, sets);
        return new() { Metrics = metrics, Curves = curves };
    }
}
