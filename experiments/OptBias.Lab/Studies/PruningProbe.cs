using OptBias.Lab.Metrics;
using OptBias.Lab.Models;
using OptBias.Lab.Storage;
using OptBias.Lab.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Studies;

/// <summary>How much of a network can be cut away without training it again.</summary>
public static class PruningProbe
{
    /// <summary>Edges of the histogram of log₁₀|w|, in steps of a quarter; smaller weights count in the first bin.</summary>
    public static IReadOnlyList<double> HistogramEdges { get; } = [.. Enumerable.Range(0, 33).Select(i => -7 + (i * 0.25))];

    private static readonly (string Name, double Kept)[] Fractions = [(MetricNames.AccuracyAtTenPercent, 0.1), (MetricNames.AccuracyAtThreePercent, 0.03)];

    /// <summary>Adds the pruning curve, the largest sparsity within a point of the dense accuracy, the accuracy at 10% and 3% of all weights, and the histogram of the weights.</summary>
    /// <param name="metrics">Receives the numbers by name.</param>
    /// <param name="curves">Receives "pruning" (fraction kept to accuracy) and "weight histogram" (log₁₀|w| to fraction).</param>
    /// <param name="network">The trained network; it is as before afterwards.</param>
    /// <param name="sets">The examples of the run's tasks.</param>
    /// <param name="examples">Test examples that measure each pruned network, over all tasks together.</param>
    public static void AddTo(IDictionary<string, double> metrics, ICollection<Curve> curves, Network network, TaskSets sets, int examples = Measurements.RepresentationExamples)
    {
        using var test = sets.AllEvaluation(examples);
        int[] all = [.. Enumerable.Range(0, sets.Scenario.Images.Classes)];
        var parameters = network.Parameters().Where(p => p.Role != ParameterRole.Bias).ToArray();
        var head = Array.FindIndex(parameters, p => p.Role == ParameterRole.Head);
        double Accuracy() => Evaluation.Accuracy(network, test, all).Accuracy;
        var curve = PruningCurve.Measure([.. parameters.Select(p => p.Parameter)], head, Accuracy);
        metrics[MetricNames.LargestSparsity] = LargestSparsity.Of(curve);
        // Measured at the very fractions: the nearest point of the curve keeps 11.3% where 10% is said.
        double[] ratios = [.. Fractions.Select(f => PruningCurve.KeepFor(f.Kept, [.. parameters.Select(p => p.Parameter.numel())], head))];
        var named = PruningCurve.Measure([.. parameters.Select(p => p.Parameter)], head, Accuracy, ratios);
        for (var i = 0; i < Fractions.Length; i++)
            metrics[Fractions[i].Name] = named[i].Accuracy;
        curves.Add(new("pruning", "", [.. curve.Select(p => p.Kept)], [.. curve.Select(p => p.Accuracy)]));
        curves.Add(new("weight histogram", "", [.. HistogramEdges.SkipLast(1)], Histogram(network)));
    }

    private static double[] Histogram(Network network)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var weights = Measurements.Weights(network).DetachFromDisposeScope();
        using (weights)
        {
            var edges = HistogramEdges;
            var counts = new double[edges.Count - 1];
            using var here = weights.cpu();
            foreach (var weight in here.data<float>().ToArray())
            {
                var position = weight == 0 ? 0 : (int)Math.Floor((Math.Log10(Math.Abs(weight)) - edges[0]) / (edges[1] - edges[0]));
                counts[Math.Clamp(position, 0, counts.Length - 1)]++;
            }

            return [.. counts.Select(c => c / weights.numel())];
        }
    }
}
