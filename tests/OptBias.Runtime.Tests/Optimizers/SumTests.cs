using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>Users' sums against the same written out in TorchSharp: over one tensor, over all of several groups, of state, within each other.</summary>
[Collection(Alone.Name)]
public sealed class SumTests
{
    private static readonly long[][] Shapes = [[6, 5], [40], [3, 2, 2], [9000]];

    [Theory]
    [InlineData(Backend.Fused)]
    [InlineData(Backend.TorchSharp)]
    public void Sums_of_one_tensor_and_of_all(Backend backend)
    {
        using var scope = NewDisposeScope();
        using var problem = new Problem(ScalarType.Float64, 2, Shapes);
        using var optimizer = new Summed([new(problem.Parameters.Take(2)), new(problem.Parameters.Skip(2), lr: 0.02)]) { Backend = backend };
        var theta = problem.Parameters.Select(p => p.detach().clone()).ToArray();
        var (m, seen) = (theta.Select(t => zeros_like(t)).ToArray(), theta.Select(t => zeros_like(t)).ToArray());
        for (var step = 1; step <= 6; step++)
        {
            problem.SetGradients(step);
            var g = problem.Parameters.Select(p => p.grad!).ToArray();
            var all = Enumerable.Range(0, g.Length).Sum(k => ((g[k] * g[k]) + seen[k] + 1e-3).sum().item<double>());
            for (var k = 0; k < g.Length; k++)
            {
                m[k] = (0.9 * m[k]) + (0.1 * g[k]);
                var update = m[k] / (1 - Math.Pow(0.9, step));
                var dot = (update * theta[k]).sum().item<double>();
                var squares = (theta[k] * theta[k]).sum().item<double>();
                var (rows, columns) = RowsAndColumns(Shapes[k]);
                var share = (1 + (rows / columns) + Math.Tanh(dot)) / (step + squares + 1e-3);
                seen[k] = (0.9 * seen[k]) + (0.1 * g[k].abs());
                theta[k] = theta[k] - ((k < 2 ? 0.01 : 0.02) * ((update * share) + (dot / (1 + all))));
            }

            optimizer.step();
        }

        for (var k = 0; k < theta.Length; k++)
            Assert.InRange((problem.Parameters[k] - theta[k]).abs().max().item<double>(), 0, 1e-12);
    }

    [Theory]
    [InlineData(Backend.Fused)]
    [InlineData(Backend.TorchSharp)]
    public void A_sum_may_ask_for_a_sum(Backend backend)
    {
        using var scope = NewDisposeScope();
        using var problem = new Problem(ScalarType.Float64, 3, Shapes);
        using var optimizer = new Standardized(problem.Parameters) { Backend = backend };
        var theta = problem.Parameters.Select(p => p.detach().clone()).ToArray();
        var b = theta.Select(t => zeros_like(t)).ToArray();
        for (var step = 1; step <= 6; step++)
        {
            problem.SetGradients(step);
            for (var k = 0; k < theta.Length; k++)
            {
                b[k] = (0.9 * b[k]) + problem.Parameters[k].grad!;
                var centred = b[k] - b[k].mean();
                var (rows, columns) = RowsAndColumns(Shapes[k]);
                theta[k] = theta[k] - (0.0005 * 0.2 * Math.Sqrt(Math.Max(rows, columns)) * centred / ((centred * centred).mean().sqrt() + 0.1));
            }

            optimizer.step();
        }

        for (var k = 0; k < theta.Length; k++)
            Assert.InRange((problem.Parameters[k] - theta[k]).abs().max().item<double>(), 0, 1e-11);
    }

    /// <summary>A sum waits for its tensor, so a rule with one reads memory twice; sums of sums, three times.</summary>
    [Fact]
    public void The_cost_says_how_often_memory_is_read()
    {
        Assert.Equal(2, Summed.Descriptor.Cost.Passes);
        Assert.Equal(3, Standardized.Descriptor.Cost.Passes);
    }

    private static (double Rows, double Columns) RowsAndColumns(long[] shape) =>
        shape.Length < 2 ? (1, shape[0]) : (shape[0], shape.Skip(1).Aggregate(1.0, static (product, n) => product * n));
}
