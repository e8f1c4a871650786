using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>Parameters with seeded values, and seeded gradients for them: the same numbers for whoever asks twice.</summary>
internal sealed class Problem : IDisposable
{
    private readonly int seed;

    public Problem(ScalarType dtype, int seed, params long[][] shapes)
    {
        this.seed = seed;
        using var generator = new Generator((ulong)seed);
        this.Parameters = shapes
            .Select(shape => new Parameter(randn(shape, dtype: ScalarType.Float64, generator: generator).mul(0.5).to_type(dtype)))
            .ToList();
    }

    public List<Parameter> Parameters { get; }

    /// <summary>Sets the gradients of a step.</summary>
    /// <param name="step">Which step.</param>
    /// <param name="shape">Turns the plain gradient into another layout with the same values, if given.</param>
    public void SetGradients(int step, Func<Tensor, Tensor>? shape = null)
    {
        // Within a scope, which keeps intermediate tensors alive: a collection may come at any time.
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)((this.seed * 1_000_003) + step));
        foreach (var parameter in this.Parameters)
        {
            var gradient = randn(parameter.shape, dtype: ScalarType.Float64, generator: generator).to_type(parameter.dtype);
            parameter.grad = shape is null ? gradient : shape(gradient);
        }
    }

    /// <summary>Largest <c>|a − b| / (|b| + 0.01)</c> between the parameters of two problems.</summary>
    public double DistanceTo(Problem other)
    {
        using var scope = NewDisposeScope();
        return this.Parameters.Zip(other.Parameters).Max(pair =>
        {
            if (pair.First.NumberOfElements == 0)
                return 0;
            var a = pair.First.detach().to_type(ScalarType.Float64);
            var b = pair.Second.detach().to_type(ScalarType.Float64);
            var error = ((a - b).abs() / (b.abs() + 0.01)).max().item<double>();
            return double.IsNaN(error) ? double.PositiveInfinity : error;
        });
    }

    public void Dispose()
    {
        foreach (var parameter in this.Parameters)
            parameter.Dispose();
    }
}
