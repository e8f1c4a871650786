using OptBias.Lab.Metrics;
using OptBias.Lab.Models;
using OptBias.Lab.Storage;
using OptBias.Lab.Tasks;
using OptBias.Lab.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Studies;

/// <summary>Compares two trained networks: what they compute, and whether a straight line between them stays low.</summary>
public sealed record ComparisonTrial : Trial
{
    private const int BarrierExamples = 1000;

    /// <summary>Key of the trial that trained the first network.</summary>
    public required string First { get; init; }

    /// <summary>Seed of the second network; that of the first is the trial's.</summary>
    public required int SecondSeed { get; init; }

    /// <summary>Key of the trial that trained the second.</summary>
    public required string Second { get; init; }

    /// <summary>The networks' specification.</summary>
    public required ModelSpecification Model { get; init; }

    /// <summary>What they were trained on.</summary>
    public required Scenario Scenario { get; init; }

    /// <summary>How they were trained.</summary>
    public required TrainingPlan Plan { get; init; }

    /// <summary>Separates the names of the two methods in <see cref="Trial.Method"/>.</summary>
    public const string Separator = " | ";

    /// <summary>Name of the setting that holds <see cref="SecondSeed"/>.</summary>
    public const string SecondSeedSetting = "second seed";

    /// <inheritdoc />
    public override IEnumerable<KeyValuePair<string, string>> Settings() =>
        [new(SecondSeedSetting, this.SecondSeed.ToString(System.Globalization.CultureInfo.InvariantCulture)), new("first", this.First), new("second", this.Second), new("model", this.Model.Name), new("scenario", this.Scenario.Key)];

    /// <inheritdoc />
    public override TrialOutcome Execute(TrialContext context, CancellationToken cancellation)
    {
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal);
        using var first = NetworkFile.Load(this.Model, context.Store.ArtifactPath(this.First), context.Data.Device);
        using var second = NetworkFile.Load(this.Model, context.Store.ArtifactPath(this.Second), context.Data.Device);
        using var sets = new TaskSets(context.Images, this.Scenario, this.Plan, onValidation: false, this.Seed);
        using var test = sets.AllEvaluation(Measurements.RepresentationExamples);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (h1, logits1) = Evaluation.Apply(first, test);
        var (h2, logits2) = Evaluation.Apply(second, test);
        metrics[MetricNames.LinearCka] = LinearCka.Of(h1, h2);
        metrics[MetricNames.Svcca] = Svcca.Of(h1, h2);
        metrics[MetricNames.ProcrustesDistance] = ProcrustesDistance.Of(h1, h2);
        metrics[MetricNames.PredictionDisagreement] = PredictionDisagreement.Of(logits1, logits2);
        cancellation.ThrowIfCancellationRequested();

        using var few = test.First(Math.Min(test.Count, BarrierExamples));
        double Loss() => nn.functional.cross_entropy(first.forward(few.Images), few.Labels).Number();
        Tensor[] start = [.. first.Parameters().Select(p => p.Parameter.clone())];
        Tensor[] parameters = [.. first.Parameters().Select(p => (Tensor)p.Parameter)];
        metrics[MetricNames.LossBarrier] = LossBarrier.Between(parameters, start, [.. second.Parameters().Select(p => p.Parameter.clone())], Loss);
        cancellation.ThrowIfCancellationRequested();

        UnitMatching.Align(first, second);
        metrics[MetricNames.MatchedLossBarrier] = LossBarrier.Between(parameters, start, [.. second.Parameters().Select(p => p.Parameter.clone())], Loss);
        return new() { Metrics = metrics };
    }
}
