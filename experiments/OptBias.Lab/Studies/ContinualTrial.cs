using System.Diagnostics;
using System.Globalization;
using OptBias.Lab.Metrics;
using OptBias.Lab.Models;
using OptBias.Lab.Storage;
using OptBias.Lab.Tasks;
using OptBias.Lab.Training;

namespace OptBias.Lab.Studies;

/// <summary>Trains one network through a sequence of tasks with one method, and measures what became of it.</summary>
public sealed record ContinualTrial : Trial
{
    /// <summary>The method.</summary>
    public required Method Training { get; init; }

    /// <summary>Learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The network.</summary>
    public required ModelSpecification Model { get; init; }

    /// <summary>How digits become tasks.</summary>
    public required Scenario Scenario { get; init; }

    /// <summary>How long and on how much.</summary>
    public required TrainingPlan Plan { get; init; }

    /// <inheritdoc />
    public override IEnumerable<KeyValuePair<string, string>> Settings() =>
    [
        new("lr", this.LearningRate.ToString("R", CultureInfo.InvariantCulture)),
        new("scenario", this.Scenario.Key),
        new("model", this.Model.Name),
        .. this.Training.Settings(),
        .. this.Plan.Settings(),
    ];

    /// <inheritdoc />
    public override TrialOutcome Execute(TrialContext context, CancellationToken cancellation)
    {
        var isTuning = this.Phase == Studies.Phase.Tuning;
        using var sets = new TaskSets(context.Data, this.Scenario, this.Plan, onValidation: isTuning, this.Seed);
        using var network = this.Model.Create(this.Seed);
        using var optimizer = new MethodOptimizer(this.Training, this.LearningRate, network, context.Optimizers);
        using var probe = isTuning ? null : new InterferenceProbe(network);
        var result = new ContinualTraining
        {
            Tasks = sets,
            Plan = this.Plan,
            Seed = this.Seed,
            TaskFinished = (task, accuracy) =>
            {
                probe?.Snapshot();
                context.Progress?.Invoke(this, $"task {task + 1}/{this.Scenario.Tasks}", accuracy[task, task]);
            },
        }.Run(network, optimizer, cancellation);

        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            [MetricNames.LearningAccuracy] = LearningAccuracy.Of(result.Accuracy),
            [MetricNames.AverageAccuracy] = AverageAccuracy.Of(result.Accuracy),
            [MetricNames.Forgetting] = Forgetting.Of(result.Accuracy),
            [MetricNames.BackwardTransfer] = BackwardTransfer.Of(result.Accuracy),
            [MetricNames.Steps] = result.Steps,
        };
        if (this.Scenario.SplitsClasses)
        {
            metrics[MetricNames.MaskedAverageAccuracy] = AverageAccuracy.Of(result.Masked);
            metrics[MetricNames.MaskedForgetting] = Forgetting.Of(result.Masked);
        }

        var curves = new List<Curve>(this.Curves(result));
        if (probe is not null && !result.HasDiverged)
        {
            var start = Stopwatch.GetTimestamp();
            Measurements.AddTo(metrics, curves, network, sets);
            probe.AddTo(metrics, sets);
            result.Time.Book("metrics", start);
        }

        foreach (var (activity, seconds) in result.Time.Seconds)
            metrics[MetricNames.SecondsPrefix + activity] = seconds;
        return new() { Diverged = result.Diverged, Metrics = metrics, Curves = curves };
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
