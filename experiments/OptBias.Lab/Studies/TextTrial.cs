using System.Diagnostics;
using System.Globalization;
using OptBias.Lab.Data;
using OptBias.Lab.Metrics;
using OptBias.Lab.Models;
using OptBias.Lab.Storage;
using OptBias.Lab.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Studies;

/// <summary>Trains a byte transformer on one language after the other, and measures bits per byte of all of them after each.</summary>
public sealed record TextTrial : Trial
{
    /// <summary>The name by which the runs of this scenario are found.</summary>
    public const string Scenario = "languages";

    private const int Chunk = 64;
    private const int PositionsOfAWindow = 8;

    /// <summary>The method; null measures the network before its first step.</summary>
    public Method? Training { get; init; }

    /// <summary>Learning rate.</summary>
    public double LearningRate { get; init; }

    /// <summary>The network.</summary>
    public required ModelSpecification Model { get; init; }

    /// <summary>How long and on how much.</summary>
    public required TrainingPlan Plan { get; init; }

    /// <inheritdoc />
    public override IEnumerable<KeyValuePair<string, string>> Settings() =>
    [
        .. this.Training is null ? new KeyValuePair<string, string>[] { new("initial power", "1") } : [new("lr", this.LearningRate.ToString("R", CultureInfo.InvariantCulture))],
        new("scenario", Scenario),
        new("model", this.Model.Name),
        new("width", this.Model.Width.ToString(CultureInfo.InvariantCulture)),
        .. this.Training?.Settings() ?? [],
        .. this.Plan.Settings(),
    ];

    /// <inheritdoc />
    public override TrialOutcome Execute(TrialContext context, CancellationToken cancellation)
    {
        var languages = context.Text.Languages;
        using var sets = new TextSets(context.Text, this.Plan, onValidation: this.Phase == Studies.Phase.Tuning);
        using var network = this.Model.Create(this.Seed, context.Data.Device);
        var bits = new double[languages.Count, languages.Count];
        var result = new ContinualResult(languages.Count);
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var curves = new List<Curve>();
        using var start = Measurements.Weights(network);
        if (this.Training is { } method)
        {
            using var optimizer = new MethodOptimizer(method, this.LearningRate, network, context.Optimizers);
            for (var task = 0; task < languages.Count && !result.HasDiverged; task++)
            {
                using (var train = sets.Training(task))
                    ContinualTraining.TrainOn(network, optimizer, train, this.Plan, new(this.Seed, $"batches/{task}"), languages[task].Name, result, cancellation);
                if (result.HasDiverged)
                    break;
                Evaluate(network, sets, task, bits, result);
                context.Progress?.Invoke(this, $"{languages[task].Name}, {task + 1}/{languages.Count}", result.Accuracy[task, task]);
            }

            AddResults(metrics, curves, bits, result, languages);
        }
        else
        {
            Evaluate(network, sets, languages.Count - 1, bits, result);
            metrics[MetricNames.AverageBits] = Enumerable.Range(0, languages.Count).Average(i => bits[languages.Count - 1, i]);
            metrics[MetricNames.AverageAccuracy] = AverageAccuracy.Of(result.Accuracy);
        }

        if (!result.HasDiverged && this.Phase != Studies.Phase.Tuning)
        {
            var began = Stopwatch.GetTimestamp();
            Measurements.AddChange(metrics, network, start);
            AddRepresentation(metrics, network, sets, languages.Count);
            result.Time.Book("metrics", began);
        }

        foreach (var (activity, seconds) in result.Time.Seconds)
            metrics[MetricNames.SecondsPrefix + activity] = seconds;
        return new() { Diverged = result.Diverged, Metrics = metrics, Curves = curves };
    }

    /// <summary>Bits per byte and the share of right guesses of the next byte, of every language.</summary>
    private static void Evaluate(Network network, TextSets sets, int task, double[,] bits, ContinualResult result)
    {
        var began = Stopwatch.GetTimestamp();
        using var noGradient = no_grad();
        for (var language = 0; language < bits.GetLength(0); language++)
        {
            var set = sets.Evaluation(language);
            var (nats, right, count) = (0.0, 0.0, 0L);
            for (var first = 0; first < set.Count; first += Chunk)
            {
                using var scope = NewDisposeScope();
                var size = Math.Min(Chunk, set.Count - first);
                var targets = set.Labels.narrow(0, first, size).flatten();
                var logits = network.forward(set.Images.narrow(0, first, size));
                nats += nn.functional.cross_entropy(logits, targets).Number() * targets.numel();
                right += logits.argmax(1).eq(targets).sum().Count();
                count += targets.numel();
            }

            (bits[task, language], result.Accuracy[task, language]) = (nats / count / Math.Log(2), right / count);
        }

        result.Time.Book("evaluation", began);
    }

    private static void AddResults(SortedDictionary<string, double> metrics, List<Curve> curves, double[,] bits, ContinualResult result, IReadOnlyList<Language> languages)
    {
        var last = languages.Count - 1;
        metrics[MetricNames.LearningAccuracy] = LearningAccuracy.Of(result.Accuracy);
        metrics[MetricNames.AverageAccuracy] = AverageAccuracy.Of(result.Accuracy);
        metrics[MetricNames.Forgetting] = Forgetting.Of(result.Accuracy);
        metrics[MetricNames.BackwardTransfer] = BackwardTransfer.Of(result.Accuracy);
        metrics[MetricNames.Steps] = result.Steps;
        // Fewer bits are better: the best before the end is the least.
        metrics[MetricNames.LearningBits] = result.HasDiverged ? double.NaN : Enumerable.Range(0, last + 1).Average(i => bits[i, i]);
        metrics[MetricNames.AverageBits] = result.HasDiverged ? double.NaN : Enumerable.Range(0, last + 1).Average(i => bits[last, i]);
        metrics[MetricNames.ForgettingBits] = result.HasDiverged ? double.NaN
            : Enumerable.Range(0, last).Average(i => bits[last, i] - Enumerable.Range(i, last - i).Min(t => bits[t, i]));
        curves.Add(new("loss", "", [.. result.Losses.Select(l => l.Step)], [.. result.Losses.Select(l => l.Loss)]));
        double[] trained = [.. Enumerable.Range(1, languages.Count).Select(t => (double)t)];
        for (var i = 0; i < languages.Count && !result.HasDiverged; i++)
            curves.Add(new("bits per byte", languages[i].Name, trained, [.. trained.Select(t => bits[(int)t - 1, i])]));
    }

    /// <summary>The last positions of windows of every language, which have seen most; their classes are the languages.</summary>
    private static void AddRepresentation(SortedDictionary<string, double> metrics, Network network, TextSets sets, int languages)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (rows, labels) = (new List<Tensor>(), new List<Tensor>());
        var windows = Measurements.RepresentationExamples / languages / PositionsOfAWindow;
        for (var language = 0; language < languages; language++)
        {
            var set = sets.Evaluation(language);
            using var few = set.First(Math.Min(windows, set.Count));
            var h = network.Represent(few.Images);
            var ends = h.reshape(few.Count, ByteTransformer.Context, -1).narrow(1, ByteTransformer.Context - PositionsOfAWindow, PositionsOfAWindow).flatten(0, 1);
            rows.Add(ends);
            labels.Add(tensor(Enumerable.Repeat((long)language, (int)ends.shape[0]).ToArray(), device: h.device));
        }

        var (all, classes) = (cat(rows, 0), cat(labels, 0));
        Measurements.AddRepresentation(metrics, all, classes);
        metrics[MetricNames.ClassMeanSimilarity] = ClassMeanSimilarity.MeanOffDiagonal(ClassMeanSimilarity.Of(all, classes));
        using var weights = Measurements.Weights(network);
        metrics[MetricNames.WeightHoyer] = Hoyer.Of(weights);
        metrics[MetricNames.WeightGini] = Gini.Of(weights);
    }
}
