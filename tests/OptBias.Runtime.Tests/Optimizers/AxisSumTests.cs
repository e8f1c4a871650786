using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>Sums of rows and columns, and state of those, against the same written out in TorchSharp: of vectors, matrices and more dimensions.</summary>
[Collection(Alone.Name)]
public sealed class AxisSumTests
{
    private static readonly long[][] Shapes = [[6, 5], [40], [3, 2, 2], [300, 33], [1, 7], [4, 3, 2, 5], [1]];

    public static TheoryData<Backend, ScalarType> Paths => new()
    {
        { Backend.Fused, ScalarType.Float64 }, { Backend.TorchSharp, ScalarType.Float64 }, { Backend.Fused, ScalarType.Float32 }, { Backend.Fused, ScalarType.BFloat16 },
    };

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_second_moment_for_each_row(Backend backend, ScalarType type) => Follow(
        type,
        parameters => new RowNormalized(parameters) { Backend = backend },
        shape =>
        {
            var (columns, v, m) = (shape.Columns, zeros(shape.Rows, 1, dtype: ScalarType.Float64), zeros(shape.Rows, shape.Columns, dtype: ScalarType.Float64));
            return (gradient, step) =>
            {
                m = (0.9 * m) + (0.1 * gradient);
                var update = m / (1 - Math.Pow(0.9, step));
                v = (0.95 * v) + (0.05 * (update * update).sum(1, keepdim: true) / columns);
                return update / (v.sqrt() + 1e-8);
            };
        });

    [Theory]
    [MemberData(nameof(Paths))]
    public void Rows_and_columns_at_once(Backend backend, ScalarType type) => Follow(
        type,
        parameters => new Crossed(parameters) { Backend = backend },
        shape =>
        {
            var (r, c, m) = (zeros(shape.Rows, 1, dtype: ScalarType.Float64), zeros(1, shape.Columns, dtype: ScalarType.Float64), zeros(shape.Rows, shape.Columns, dtype: ScalarType.Float64));
            return (gradient, _) =>
            {
                var down = (gradient * gradient).sum(0, keepdim: true);
                var later = (gradient / (1 + c + down)).sum(1, keepdim: true);
                r = (0.5 * r) + gradient.sum(1, keepdim: true).abs();
                c = maximum(c, down);
                m = (0.9 * m) + gradient;
                return (m / (1 + (r * c))) + (later * 0.01);
            };
        });

    /// <summary>Both paths read rows of the last two dimensions and of the whole matrix in one pass.</summary>
    [Fact]
    public void Both_kinds_of_rows_in_one_pass()
    {
        using var scope = NewDisposeScope();
        using var one = new Problem(ScalarType.Float64, 4, Shapes);
        using var two = new Problem(ScalarType.Float64, 4, Shapes);
        using var fused = new BothKindsOfRows(one.Parameters) { Backend = Backend.Fused };
        using var torch = new BothKindsOfRows(two.Parameters) { Backend = Backend.TorchSharp };
        for (var step = 1; step <= 6; step++)
        {
            one.SetGradients(step);
            two.SetGradients(step);
            fused.step();
            torch.step();
        }

        for (var k = 0; k < Shapes.Length; k++)
            Assert.InRange((one.Parameters[k] - two.Parameters[k]).abs().max().item<double>(), 0, 1e-12);
    }

    [Fact]
    public void State_of_rows_has_a_number_for_each_row()
    {
        using var problem = new Problem(ScalarType.BFloat16, 1, [6, 5], [40], [4, 3, 2]);
        using var optimizer = new RowNormalized(problem.Parameters);
        problem.SetGradients(1);
        optimizer.step();
        var states = optimizer.States.Select(s => s.Tensors.Single(t => t.Name == "v").Value).ToArray();
        Assert.Equal([[6, 1], [1], [4, 1, 1]], states.Select(v => v.shape));
        Assert.All(states, v => Assert.Equal(ScalarType.Float32, v.dtype));
        Assert.Equal((1, 1, 0), (RowNormalized.Descriptor.Cost.StateElements, RowNormalized.Descriptor.Cost.StateMatrixRows, RowNormalized.Descriptor.Cost.StateMatrixColumns));
        Assert.Equal(24 + 4, RowNormalized.Descriptor.Cost.StateNumbers(4, 3, 2));
    }

    private static void Follow(
        ScalarType type, Func<IEnumerable<TorchSharp.Modules.Parameter>, DeclaredOptimizer> create, Func<(long Rows, long Columns), Func<Tensor, int, Tensor>> rule)
    {
        using var scope = NewDisposeScope();
        using var problem = new Problem(type, 2, Shapes);
        using var optimizer = create(problem.Parameters);
        var matrices = Shapes.Select(s => (Rows: s.Length < 2 ? 1 : s[0], Columns: s.Length < 2 ? s[0] : s.Skip(1).Aggregate(1L, static (a, b) => a * b))).ToArray();
        var updates = Array.ConvertAll(matrices, shape => rule(shape));
        var theta = problem.Parameters.Select((p, k) => p.detach().to_type(ScalarType.Float64).clone().reshape(matrices[k].Rows, matrices[k].Columns)).ToArray();
        for (var step = 1; step <= 6; step++)
        {
            problem.SetGradients(step);
            for (var k = 0; k < theta.Length; k++)
                theta[k] = theta[k] - (0.01 * updates[k](problem.Parameters[k].grad!.to_type(ScalarType.Float64).reshape(theta[k].shape), step));
            optimizer.step();
        }

        var tolerance = type switch { ScalarType.Float64 => 1e-12, ScalarType.Float32 => 1e-5, _ => 0.2 };
        for (var k = 0; k < theta.Length; k++)
            Assert.InRange((problem.Parameters[k].to_type(ScalarType.Float64).reshape(theta[k].shape) - theta[k]).abs().max().item<double>(), 0, tolerance);
    }
}
