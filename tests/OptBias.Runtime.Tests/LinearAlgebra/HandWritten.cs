using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests.LinearAlgebra;

/// <summary>An optimizer written by hand around the classes under test, so that recorded trajectories can be replayed through it.</summary>
internal sealed class HandWritten(IReadOnlyList<Parameter> weights, Func<Parameter, Action<Tensor, long>> rule) : OptimizerHelper
{
    private readonly Action<Tensor, long>[] rules = [.. weights.Select(rule)];
    private long steps;

    public override Tensor step(Func<Tensor>? closure = null)
    {
        using var noGradient = no_grad();
        this.steps++;
        for (var i = 0; i < weights.Count; i++)
        {
            using var gradient = weights[i].grad!;
            this.rules[i](gradient, this.steps);
        }

        return null!;
    }
}
