using OptBias.LinearAlgebra;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests.LinearAlgebra;

public sealed class NewtonSchulzTests
{
    [Fact]
    public void Muon_follows_the_recorded_trajectory() =>
        Assert.InRange(ShampooByHand.Replay("muon", hyper => MuonByHand(hyper["lr"], hyper["beta1"])), 0, 1e-9);

    [Theory]
    [InlineData(64, 64)]
    [InlineData(48, 96)]
    [InlineData(96, 48)]
    public void Muons_coefficients_bring_well_conditioned_singular_values_into_their_band(long rows, long columns)
    {
        using var scope = NewDisposeScope();
        var singular = Singular(Conditioned(rows, columns, 20), 5, NewtonSchulzCoefficients.Muon);
        Assert.InRange(singular.min().item<double>(), 0.65, 1.0);
        Assert.InRange(singular.max().item<double>(), 1.0, 1.3);
    }

    /// <summary>Sixty steps: the slope of the polynomial at 1 is -0.6, so each takes the error down by that factor.</summary>
    [Fact]
    public void The_convergent_coefficients_bring_them_to_one()
    {
        using var scope = NewDisposeScope();
        var singular = Singular(Conditioned(40, 60, 20), 60, NewtonSchulzCoefficients.Convergent);
        Assert.True((singular - 1).abs().max().item<double>() < 1e-10);
    }

    [Fact]
    public void Very_small_singular_values_are_still_small_after_five_steps()
    {
        using var scope = NewDisposeScope();
        var singular = Singular(Conditioned(32, 32, 1e6), 5, NewtonSchulzCoefficients.Muon);
        Assert.InRange(singular.min().item<double>(), 1e-6, 1e-2);
    }

    [Theory]
    [InlineData(new long[] { 6, 9 })]
    [InlineData(new long[] { 9, 6 })]
    [InlineData(new long[] { 8, 3, 2, 2 })]
    [InlineData(new long[] { 3, 5, 2 })]
    [InlineData(new long[] { 7 })]
    [InlineData(new long[] { 1, 1 })]
    public void It_is_the_formula_on_the_matrix_of_first_dimension_and_rest(long[] shape)
    {
        using var scope = NewDisposeScope();
        var (rows, columns) = NewtonSchulz.RowsAndColumns(shape);
        foreach (var steps in (int[])[1, 2, 5])
        {
            var u = randn(shape, dtype: float64, generator: new Generator(1));
            var output = zeros_like(u);
            NewtonSchulz.Orthogonalize(u, output, steps);
            Assert.True(output.view(rows, columns).allclose(ByFormula(u.view(rows, columns), steps), 1e-10, 1e-12));
            NewtonSchulz.Orthogonalize(u, u, steps);
            Assert.True(u.equal(output).all().item<bool>(), "In place it differs.");
        }
    }

    [Theory]
    [InlineData(ScalarType.Float16, 5e-3)]
    [InlineData(ScalarType.BFloat16, 3e-2)]
    [InlineData(ScalarType.Float32, 1e-4)]
    public void Other_dtypes_are_computed_in_float32(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        var u = randn([12, 20], generator: new Generator(2)).to(dtype);
        var output = zeros_like(u);
        NewtonSchulz.Orthogonalize(u, output);
        Assert.True(output.to(float64).allclose(ByFormula(u.to(float64), 5), tolerance, tolerance));
    }

    [Fact]
    public void Layouts_that_are_not_contiguous_give_the_same()
    {
        using var scope = NewDisposeScope();
        var u = randn([12, 20], dtype: float64, generator: new Generator(2));
        var (expected, transposed) = (zeros_like(u), zeros(20, 12, dtype: float64).t());
        NewtonSchulz.Orthogonalize(u, expected);
        NewtonSchulz.Orthogonalize(u.t().contiguous().t(), transposed);
        Assert.True(transposed.allclose(expected, 1e-13, 1e-14));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1e-30)]
    [InlineData(1e25)]
    public void Updates_of_any_size_give_finite_results(double size)
    {
        using var scope = NewDisposeScope();
        var u = randn([5, 8], generator: new Generator(2)) * size;
        var output = zeros_like(u);
        NewtonSchulz.Orthogonalize(u, output);
        Assert.True(output.isfinite().all().item<bool>());
        if (size > 1)
            Assert.InRange(linalg.svdvals(output).max().item<float>(), 0.9, 1.3);
    }

    [Theory]
    [InlineData(new long[] { 8, 2 }, 2.0)]
    [InlineData(new long[] { 2, 8 }, 1.0)]
    [InlineData(new long[] { 64, 2, 2, 1 }, 4.0)]
    [InlineData(new long[] { 16, 8, 3, 3 }, 1.0)]
    [InlineData(new long[] { 9 }, 1.0)]
    public void The_scale_comes_from_the_matrix_and_not_from_the_kernel(long[] shape, double expected) =>
        Assert.Equal(expected, NewtonSchulz.ScaleByShape(shape), 12);

    private static Func<Parameter, Action<Tensor, long>> MuonByHand(double lr, double mu) => parameter =>
    {
        var (b, u) = (ShampooByHand.Zeros(parameter), ShampooByHand.Zeros(parameter));
        return (gradient, _) =>
        {
            using var scope = NewDisposeScope();
            b.mul_(mu).add_(gradient, alpha: 1 - mu);
            NewtonSchulz.Orthogonalize((gradient * (1 - mu)) + (b * mu), u);
            parameter.add_(u, alpha: -lr * NewtonSchulz.ScaleByShape(parameter.shape));
        };
    };

    private static Tensor Singular(Tensor matrix, int steps, NewtonSchulzCoefficients coefficients)
    {
        var output = zeros_like(matrix);
        NewtonSchulz.Orthogonalize(matrix, output, steps, coefficients);
        return linalg.svdvals(output);
    }

    /// <summary>Singular values from 1 down to 1/condition, evenly on a logarithmic scale.</summary>
    private static Tensor Conditioned(long rows, long columns, double condition)
    {
        var (u, _, v) = linalg.svd(randn([rows, columns], dtype: float64, generator: new Generator(4)), fullMatrices: false);
        return (u * logspace(0, -Math.Log10(condition), Math.Min(rows, columns), dtype: float64)).mm(v);
    }

    private static Tensor ByFormula(Tensor u, int steps)
    {
        var tall = u.shape[0] > u.shape[1];
        var x = (tall ? u.t() : u) / (u.norm() + 1e-7);
        for (var i = 0; i < steps; i++)
        {
            var a = x.mm(x.t());
            x = (3.4445 * x) + ((-4.7750 * a) + (2.0315 * a.mm(a))).mm(x);
        }

        return tall ? x.t() : x;
    }
}
