using System.Diagnostics;
using OptBias.Lab.Data;
using OptBias.Lab.Models;
using OptBias.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Training;

/// <summary>Trains a network on one task after the other, and measures after each what it knows of all of them.</summary>
/// <remarks>
/// Weights, task permutations and the order of the batches follow from the seed alone, so that with equal seeds two
/// methods see the same numbers until their first step.
/// </remarks>
public sealed class ContinualTraining
{
    /// <summary>The examples of the tasks.</summary>
    public required TaskSets Tasks { get; init; }

    /// <summary>How long and on how much.</summary>
    public required TrainingPlan Plan { get; init; }

    /// <summary>Seed of the batch order.</summary>
    public required long Seed { get; init; }

    /// <summary>Called after each task with the accuracies so far.</summary>
    public Action<int, double[,]>? TaskFinished { get; init; }

    /// <summary>Trains <paramref name="network"/> in place.</summary>
    /// <param name="network">The network, freshly initialised.</param>
    /// <param name="optimizer">The optimizers on its parameters.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ContinualResult Run(Network network, MethodOptimizer optimizer, CancellationToken cancellation = default)
    {
        var scenario = this.Tasks.Scenario;
        var result = new ContinualResult(scenario.Tasks);
        for (var task = 0; task < scenario.Tasks; task++)
        {
            this.Train(network, optimizer, task, result, cancellation);
            if (result.HasDiverged)
                break;
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < scenario.Tasks; i++)
                (result.Accuracy[task, i], result.Masked[task, i]) = Evaluation.Accuracy(network, this.Tasks.Evaluation(i), scenario.Classes(i));
            result.Time.Book("evaluation", start);
            this.TaskFinished?.Invoke(task, result.Accuracy);
        }

        return result;
    }

    private void Train(Network network, MethodOptimizer optimizer, int task, ContinualResult result, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var train = this.Tasks.Training(task);
        result.Time.Book("data", start);
        TrainOn(network, optimizer, train, this.Plan, new(this.Seed, $"batches/{task}"), this.Tasks.Scenario.TaskName(task), result, cancellation);
    }

    /// <summary>Trains on the examples of one task; what goes wrong stands in the result.</summary>
    internal static void TrainOn(
        Network network, MethodOptimizer optimizer, ExampleSet train, TrainingPlan plan, SeededRandom batches, string taskName, ContinualResult result, CancellationToken cancellation)
    {
        for (var epoch = 0; epoch < plan.Epochs; epoch++)
        {
            using var order = tensor(batches.Permutation(train.Count), device: train.Device);
            // The last batch takes what is left: no step sees a batch of one or two examples.
            var steps = Math.Max(1, train.Count / plan.BatchSize);
            for (var step = 0; step < steps; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                var first = step * plan.BatchSize;
                var size = step == steps - 1 ? train.Count - first : plan.BatchSize;
                using var indices = order.narrow(0, first, size);
                if (Step(network, optimizer, train, indices, result) is not { } problem)
                    continue;
                result.Diverged = $"{taskName}, epoch {epoch + 1}, step {step + 1}: {problem}";
                return;
            }
        }
    }

    /// <summary>One step; returns what went wrong, or null.</summary>
    private static string? Step(Network network, MethodOptimizer optimizer, ExampleSet train, Tensor indices, ContinualResult result)
    {
        using var scope = NewDisposeScope();
        var time = Stopwatch.GetTimestamp();
        var (images, labels) = (train.Images.index_select(0, indices), train.Labels.index_select(0, indices).flatten());
        time = result.Time.Book("batches", time);
        optimizer.ZeroGradients();
        var loss = nn.functional.cross_entropy(network.forward(images), labels);
        var value = loss.Number();
        time = result.Time.Book("forward", time);
        if (!double.IsFinite(value))
            return $"the loss is {(double.IsNaN(value) ? "NaN" : "infinite")}";
        result.AddLoss(value);
        loss.backward();
        time = result.Time.Book("backward", time);
        try
        {
            optimizer.Step();
        }
        catch (Exception e) when (e is PreconditionerException || (e is not (OperationCanceledException or OutOfMemoryException) && !IsFinite(network)))
        {
            // A factor that holds a NaN shows first as a decomposition that throws: that is divergence, not a crash.
            return $"the optimizer failed ({e.Message.Split('\n')[0].Trim()})";
        }

        result.Time.Book("optimizer", time);
        return null;
    }

    private static bool IsFinite(Network network)
    {
        using var scope = NewDisposeScope();
        return network.parameters().All(p => isfinite(p).all().Truth() && (p.grad is not { } g || isfinite(g).all().Truth()));
    }
}
