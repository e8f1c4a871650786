using OptBias.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>
/// The step of steepest descent has norm 1, and its product with the update is the dual norm of the update: no other step of that
/// norm has a larger one.
/// </summary>
public sealed class SteepestTests
{
    private static readonly long[][] Shapes = [[6, 4], [3, 7], [5], [4, 3, 2], [1, 1], [8, 1]];

    public static TheoryData<int> Places => [.. Enumerable.Range(0, Shapes.Length)];

    [Theory]
    [MemberData(nameof(Places))]
    public void The_largest_element_is_dual_to_the_sum(int place)
    {
        using var scope = NewDisposeScope();
        var u = Update(place);
        var s = Step(u, Steepest.LargestElement);
        Assert.Equal(1, s.abs().sum().item<double>(), 1e-12);
        Assert.Equal(u.abs().max().item<double>(), (u * s).sum().item<double>(), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void Rows_and_columns_are_dual_to_the_sum_of_their_lengths(int place)
    {
        using var scope = NewDisposeScope();
        var u = Update(place);
        var (rows, columns) = NewtonSchulz.RowsAndColumns(u.shape);
        foreach (var (oracle, dimension) in new (Action<Tensor, Tensor>, int)[] { (Steepest.Rows, 1), (Steepest.Columns, 0) })
        {
            var s = Step(u, oracle);
            Assert.True(s.reshape(rows, columns).norm(dimension).allclose(ones(dimension == 1 ? rows : columns, dtype: ScalarType.Float64)));
            Assert.Equal(u.reshape(rows, columns).norm(dimension).sum().item<double>(), (u * s).sum().item<double>(), 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void The_top_singular_pair_is_dual_to_the_largest_singular_value(int place)
    {
        using var scope = NewDisposeScope();
        var u = Update(place);
        var (rows, columns) = NewtonSchulz.RowsAndColumns(u.shape);
        using var pair = new TopSingularPair(u.shape, ScalarType.Float64, CPU, "weight");
        var s = Step(u, (input, output) => pair.Apply(input, output, steps: 1));
        Assert.Equal(1, linalg.svdvals(s.reshape(rows, columns)).sum().item<double>(), 1e-12);
        Assert.Equal(linalg.svdvals(u.reshape(rows, columns)).max().item<double>(), (u * s).sum().item<double>(), 1e-12);
    }

    [Fact]
    public void Zeros_stay_zeros()
    {
        using var scope = NewDisposeScope();
        var u = Update(0);
        u[2].zero_();
        Assert.Equal(0, Step(u, Steepest.Rows)[2].abs().max().item<double>());
        var nothing = zeros_like(u);
        using var pair = new TopSingularPair(u.shape, ScalarType.Float64, CPU, "weight");
        Action<Tensor, Tensor>[] oracles = [Steepest.LargestElement, Steepest.Rows, Steepest.Columns, (input, output) => pair.Apply(input, output, 3)];
        Assert.All(oracles, oracle => Assert.Equal(0, Step(nothing, oracle).abs().max().item<double>()));
        Assert.Equal(0, pair.Counters[0].Value);
    }

    [Fact]
    public void The_pair_follows_a_matrix_that_changes_slowly()
    {
        using var scope = NewDisposeScope();
        var (u, change) = (Update(0), Update(0, seed: 5) * 0.02);
        using var pair = new TopSingularPair(u.shape, ScalarType.Float64, CPU, "weight");
        for (var step = 0; step < 20; step++)
        {
            u += change;
            var product = (u * Step(u, (input, output) => pair.Apply(input, output, 8))).sum().item<double>();
            Assert.InRange(product, 0.99 * linalg.svdvals(u).max().item<double>(), 1.0000001 * linalg.svdvals(u).max().item<double>());
        }
    }

    [Fact]
    public void A_matrix_that_sends_the_vector_to_zero_starts_anew_from_its_longest_row()
    {
        using var scope = NewDisposeScope();
        var first = tensor(new double[,] { { 1, 0 }, { 2, 0 } });
        var second = tensor(new double[,] { { 0, 3 }, { 0, 4 } });
        using var pair = new TopSingularPair([2, 2], ScalarType.Float64, CPU, "weight");
        Step(first, (input, output) => pair.Apply(input, output, 2));
        Assert.True(Step(second, (input, output) => pair.Apply(input, output, 2)).allclose(tensor(new double[,] { { 0, 0.6 }, { 0, 0.8 } })));
    }

    [Fact]
    public void Sizes_whose_squares_float64_does_not_hold_make_no_difference()
    {
        using var scope = NewDisposeScope();
        var u = Update(1);
        foreach (var size in new[] { 1e-200, 1e200 })
        {
            using var one = new TopSingularPair(u.shape, ScalarType.Float64, CPU, "weight");
            using var other = new TopSingularPair(u.shape, ScalarType.Float64, CPU, "weight");
            Assert.True(Step(u * size, (i, o) => one.Apply(i, o, 2)).allclose(Step(u, (i, o) => other.Apply(i, o, 2))));
        }
    }

    [Fact]
    public void A_matrix_that_is_not_finite_leaves_no_vector()
    {
        using var scope = NewDisposeScope();
        var u = Update(0);
        using var pair = new TopSingularPair(u.shape, ScalarType.Float64, CPU, "weight");
        var spoiled = u.clone();
        spoiled[0, 0] = double.NaN;
        Assert.True(Step(spoiled, (i, o) => pair.Apply(i, o, 2)).isnan().any().item<bool>());
        Assert.Equal(0, pair.Counters[0].Value);
        Assert.True(Step(u, (i, o) => pair.Apply(i, o, 2)).isfinite().all().item<bool>());
    }

    private static Tensor Update(int place, int seed = 1)
    {
        using var generator = new Generator((ulong)(seed + place));
        return randn(Shapes[place], dtype: ScalarType.Float64, generator: generator);
    }

    private static Tensor Step(Tensor u, Action<Tensor, Tensor> oracle)
    {
        var output = empty_like(u);
        oracle(u, output);
        return output;
    }
}
