using OptBias.Lab.Metrics;
using OptBias.Lab.Models;
using OptBias.Lab.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Studies;

/// <summary>How sharp the minimum is that training found.</summary>
public static class SharpnessProbe
{
    private const int Examples = 500;
    private const int Iterations = 20;

    /// <summary>Adds the largest eigenvalue of the training loss's Hessian, on some training examples.</summary>
    /// <param name="metrics">Receives the number.</param>
    /// <param name="network">The trained network.</param>
    /// <param name="sets">The examples of the run's tasks.</param>
    public static void AddTo(IDictionary<string, double> metrics, Network network, TaskSets sets)
    {
        using var train = sets.AllTraining(Examples);
        using var scope = NewDisposeScope();
        Tensor[] parameters = [.. network.Parameters().Select(p => p.Parameter)];
        var loss = nn.functional.cross_entropy(network.forward(train.Images), train.Labels);
        // TorchSharp's retain_graph is false unless said, even with create_graph; libtorch ends the process on a freed graph.
        var gradients = autograd.grad([loss], parameters, retain_graph: true, create_graph: true);
        var gradient = cat([.. gradients.Select(g => g.flatten())], 0);
        // One graph serves all products: d(gradient · v)/dθ = H v.
        var result = TopHessianEigenvalue.Of(
            v =>
            {
                using var inner = NewDisposeScope();
                var product = gradient.dot(v.to(gradient.dtype, gradient.device));
                var columns = autograd.grad([product], parameters, retain_graph: true, allow_unused: false);
                return cat([.. columns.Select(c => c.flatten())], 0).MoveToOuterDisposeScope();
            },
            gradient.numel(), Iterations, tolerance: 1e-3);
        metrics[MetricNames.TopHessianEigenvalue] = result.Value;
    }
}
