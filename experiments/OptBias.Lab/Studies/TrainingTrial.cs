using System.Diagnostics;
using System.Globalization;
using OptBias.Lab.Metrics;
using OptBias.Lab.Models;
using OptBias.Lab.Storage;
using OptBias.Lab.Tasks;
using OptBias.Lab.Training;

namespace OptBias.Lab.Studies;

/// <summary>What a trial measures of its network besides accuracy.</summary>
[Flags]
public enum Probes
{
    /// <summary>Nothing: tuning needs no more.</summary>
    None = 0,

    /// <summary>Rank, localization and redundancy of the representation; sparsity of the weights.</summary>
    Representation = 1,

    /// <summary>How much neighbouring tasks get into each other's way.</summary>
    Interference = 2,

    /// <summary>Accuracy against the fraction of weights kept, and the histogram of the weights.</summary>
    Pruning = 4,

    /// <summary>The largest eigenvalue of the loss's Hessian.</summary>
    Sharpness = 8,

    /// <summary>Keeps the trained network, for comparisons.</summary>
    Network = 16,
}

/// <summary>A number of a trained network.</summary>
/// <param name="network">The network after its last task; to be left as it is.</param>
/// <param name="sets">The examples of the run's tasks.</param>
public delegate double NetworkMeasure(Network network, TaskSets sets);

/// <summary>Trains one network through a sequence of tasks with one method, and measures what became of it.</summary>
public sealed record TrainingTrial : Trial
{
    /// <summary>The method.</summary>
    public required Method Training { get; init; }

    /// <summary>Learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The network.</summary>
    public required ModelSpecification Model { get; init; }

    /// <summary>How images become tasks.</summary>
    public required Scenario Scenario { get; init; }

    /// <summary>How long and on how much.</summary>
    public required TrainingPlan Plan { get; init; }

    /// <summary>What is measured besides accuracy.</summary>
    public Probes Probes { get; init; }

    /// <summary>Test examples that measure each pruned network.</summary>
    public int PruningExamples { get; init; } = Measurements.RepresentationExamples;

    /// <summary>Further measures, by the name under which the run keeps them.</summary>
    public IReadOnlyDictionary<string, NetworkMeasure> Measures { get; init; } = NoMeasures;

    /// <summary>No further measures.</summary>
    public static IReadOnlyDictionary<string, NetworkMeasure> NoMeasures { get; } = new Dictionary<string, NetworkMeasure>();

    /// <inheritdoc />
    public override IEnumerable<KeyValuePair<string, string>> Settings() =>
    [
        new("lr", this.LearningRate.ToString("R", CultureInfo.InvariantCulture)),
        new("scenario", this.Scenario.Key),
        new("model", this.Model.Name),
        new("width", this.Model.Width.ToString(CultureInfo.InvariantCulture)),
        .. this.Training.Settings(),
        .. this.Plan.Settings(),
        new("probes", string.Join(", ", [this.Probes.ToString(), .. this.Measures.Keys])),
    ];

    /// <inheritdoc />
    public override TrialOutcome Execute(TrialContext context, CancellationToken cancellation)
    {
        using var sets = new TaskSets(context.Images, this.Scenario, this.Plan, onValidation: this.Phase == Studies.Phase.Tuning, this.Seed);
        using var network = this.Model.Create(this.Seed, context.Data.Device);
        using var optimizer = new MethodOptimizer(this.Training, this.LearningRate, network, context.Optimizers);
        using var start = Measurements.Weights(network);
        using var interference = this.Probes.HasFlag(Probes.Interference) ? new InterferenceProbe(network) : null;
        var result = new ContinualTraining
        {
            Tasks = sets,
            Plan = this.Plan,
            Seed = this.Seed,
            TaskFinished = (task, accuracy) =>
            {
                interference?.Snapshot();
                context.Progress?.Invoke(this, $"task {task + 1}/{this.Scenario.Tasks}", accuracy[task, task]);
            },
        }.Run(network, optimizer, cancellation);

        var metrics = this.Accuracies(result);
        var curves = new List<Curve>(this.Curves(result));
        if (!result.HasDiverged)
        {
            var began = Stopwatch.GetTimestamp();
            Measurements.AddChange(metrics, network, start);
            if (this.Probes.HasFlag(Probes.Representation))
                Measurements.AddTo(metrics, curves, network, sets);
            interference?.AddTo(metrics, sets);
            if (this.Probes.HasFlag(Probes.Pruning))
                PruningProbe.AddTo(metrics, curves, network, sets, this.PruningExamples);
            if (this.Probes.HasFlag(Probes.Sharpness))
                SharpnessProbe.AddTo(metrics, network, sets);
            foreach (var (name, measure) in this.Measures)
                metrics[name] = measure(network, sets);
            result.Time.Book("metrics", began);
        }

        foreach (var (activity, seconds) in result.Time.Seconds)
            metrics[MetricNames.SecondsPrefix + activity] = seconds;
        return new()
        {
            Diverged = result.Diverged,
            Metrics = metrics,
            Curves = curves,
            Artifact = this.Probes.HasFlag(Probes.Network) && !result.HasDiverged ? NetworkFile.Of(network) : null,
        };
    }

    private SortedDictionary<string, double> Accuracies(ContinualResult result)
    {
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            [MetricNames.LearningAccuracy] = LearningAccuracy.Of(result.Accuracy),
            [MetricNames.AverageAccuracy] = AverageAccuracy.Of(result.Accuracy),
            [MetricNames.Steps] = result.Steps,
        };
        if (this.Scenario.Tasks > 1)
        {
            metrics[MetricNames.Forgetting] = Forgetting.Of(result.Accuracy);
            metrics[MetricNames.BackwardTransfer] = BackwardTransfer.Of(result.Accuracy);
        }

        if (this.Scenario.SplitsClasses)
        {
            metrics[MetricNames.MaskedAverageAccuracy] = AverageAccuracy.Of(result.Masked);
            metrics[MetricNames.MaskedForgetting] = Forgetting.Of(result.Masked);
        }

        return metrics;
    }

    private IEnumerable<Curve> Curves(ContinualResult result)
    {
        yield return new("loss", "", [.. result.Losses.Select(l => l.Step)], [.. result.Losses.Select(l => l.Loss)]);
        var trained = Enumerable.Range(1, this.Scenario.Tasks).Select(t => (double)t).ToArray();
        for (var task = 0; task < this.Scenario.Tasks; task++)
        {
            var series = (task + 1).ToString(CultureInfo.InvariantCulture);
            yield return new("accuracy", series, trained, [.. trained.Select(t => result.Accuracy[(int)t - 1, task])]);
            if (this.Scenario.SplitsClasses)
                yield return new("masked accuracy", series, trained, [.. trained.Select(t => result.Masked[(int)t - 1, task])]);
        }
    }
}
