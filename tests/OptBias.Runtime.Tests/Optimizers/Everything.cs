using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>All that a step may change, bit by bit: parameters, gradients, state, step counts, counters.</summary>
internal sealed class Everything
{
    private readonly List<(string Name, byte[] Bits)> parts = [];

    public Everything(DeclaredOptimizer optimizer, Problem problem, bool gradients = true)
    {
        using var scope = NewDisposeScope();
        for (var i = 0; i < problem.Parameters.Count; i++)
        {
            this.parts.Add(($"parameter {i}", BitsOf(problem.Parameters[i].detach())));
            if (gradients && problem.Parameters[i].grad is { } gradient)
                this.parts.Add(($"gradient {i}", BitsOf(gradient)));
        }

        foreach (var (state, i) in optimizer.States.OrderBy(state => problem.Parameters.FindIndex(p => p.Handle == state.Parameter.Handle)).Select((state, i) => (state, i)))
        {
            this.parts.Add(($"step of {i}", BitConverter.GetBytes(state.Step)));
            foreach (var (name, value) in state.Tensors)
                this.parts.Add(($"{name} of {i}", BitsOf(value)));
            for (var k = 0; k < state.Route.Plan.Matrices.Count; k++)
            {
                foreach (var (name, value) in state.Matrix(k).Counters)
                    this.parts.Add(($"{name} of {i}", BitConverter.GetBytes(value)));
            }
        }
    }

    /// <summary>The names of what differs.</summary>
    public IEnumerable<string> DifferencesFrom(Everything other) =>
        this.parts.Count != other.parts.Count
            ? [$"{this.parts.Count} parts where there were {other.parts.Count}"]
            : this.parts.Zip(other.parts).Where(static pair => pair.First.Name != pair.Second.Name || !pair.First.Bits.AsSpan().SequenceEqual(pair.Second.Bits)).Select(static pair => pair.First.Name);

    /// <summary>Fails with the names of what differs.</summary>
    public static void AssertSame(Everything expected, Everything actual, string when) =>
        Assert.True(!actual.DifferencesFrom(expected).Any(), $"{when}: {string.Join(", ", actual.DifferencesFrom(expected))}");

    private static byte[] BitsOf(Tensor value) => value.NumberOfElements == 0 ? [] : value.cpu().contiguous().bytes.ToArray();
}
