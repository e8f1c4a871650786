using OptBias.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests.LinearAlgebra;

public sealed class KroneckerBasisTests
{
    private static readonly Dictionary<string, double> Hyper = new()
    {
        ["lr"] = 0.01,
        ["beta1"] = 0.9,
        ["beta2"] = 0.95,
        ["eps"] = 1e-8,
        ["weight_decay"] = 0.01,
        ["update_every"] = 3,
    };

    [Theory]
    [InlineData(0, 1e-9)]
    [InlineData(1, 1e-12)]
    public void Soap_follows_the_recorded_trajectory(int parameter, double tolerance) =>
        Assert.InRange(ShampooByHand.Replay("soap", hyper => SoapByHand.Rule(hyper, new KroneckerBasisSettings()), only: parameter), 0, tolerance);

    /// <summary>
    /// The first factor of the 16 x 8 parameter has rank 8. Its null space gets its basis from the float32 rounding of the
    /// factor, with gaps of 1e-8 between eigenvalues: the recording and LAPACK differ by 3.5e-8 at the second step, and the
    /// float32 QR steps of the recording make 5e-6 of it (a Jacobi decomposition: 1.3e-5).
    /// </summary>
    [Fact]
    public void Soap_follows_the_recorded_trajectory_where_factors_are_rank_deficient() =>
        Assert.InRange(ShampooByHand.Replay("soap", hyper => SoapByHand.Rule(hyper, new KroneckerBasisSettings()), only: 2), 0, 2e-5);

    /// <summary>The recording's bases are orthonormal to 1e-7, and its momentum has gone through them at each step; by linearity that should not matter.</summary>
    [Fact]
    public void A_momentum_that_is_only_rotated_in_differs_by_the_rounding_of_the_bases() =>
        Assert.InRange(ShampooByHand.Replay("soap", hyper => SoapByHand.Rule(hyper, new KroneckerBasisSettings(), followsReference: false)), 1e-7, 1e-4);

    [Theory]
    [InlineData(new long[] { 6, 4 }, 1)]
    [InlineData(new long[] { 9 }, 100)]
    [InlineData(new long[] { 1, 9, 1 }, 100)]
    public void Eigenbasis_without_rotation_is_Adam(long[] shape, int maxDimension)
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(3);
        var start = randn(shape, dtype: float64, generator: generator);
        var parameter = nn.Parameter(start.clone());
        var rule = SoapByHand.Rule(Hyper, new KroneckerBasisSettings { MaxDimension = maxDimension })(parameter);
        var (expected, m, v) = (start.clone(), zeros_like(start), zeros_like(start));
        using var noGradient = no_grad();
        for (var t = 1; t <= 20; t++)
        {
            var g = randn(shape, dtype: float64, generator: generator);
            rule(g, t);
            m.mul_(0.9).add_(g, alpha: 1 - 0.9);
            v.mul_(0.95).addcmul_(g, g, value: 1 - 0.95);
            expected.add_(m / (v.sqrt() + 1e-8), alpha: -0.01 * Math.Sqrt(1 - Math.Pow(0.95, t)) / (1 - Math.Pow(0.9, t)));
            expected.mul_(1 - (0.01 * 0.01));
            Assert.True(parameter.allclose(expected, 1e-12, 1e-14));
        }
    }

    [Theory]
    [InlineData(new long[] { 7, 5 }, 100)]
    [InlineData(new long[] { 40, 36 }, 100)]
    [InlineData(new long[] { 7, 5 }, 6)]
    [InlineData(new long[] { 5, 7 }, 6)]
    [InlineData(new long[] { 4, 3, 5 }, 100)]
    [InlineData(new long[] { 4, 9, 3, 5 }, 6)]
    public void What_is_rotated_in_comes_back(long[] shape, int maxDimension)
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(5);
        using var basis = new KroneckerBasis(shape, float64, CPU, new KroneckerBasisSettings { MaxDimension = maxDimension }, "weight");
        Assert.False(basis.Prepare(randn(shape, dtype: float64, generator: generator), 0.9));
        for (var t = 1; t <= 6; t++)
        {
            var g = randn(shape, dtype: float64, generator: generator);
            Assert.True(basis.Prepare(g, 0.9));
            basis.Update(g, t, 0.9, 2);
        }

        var x = randn(shape, dtype: float64, generator: generator);
        var (rotated, back) = (zeros_like(x), zeros_like(x));
        basis.RotateIn(x, rotated);
        basis.RotateOut(rotated, back);

        // Bases are orthonormal to float32 accuracy.
        Assert.True(back.allclose(x, 1e-5, 1e-5));
        Assert.True((rotated - x).abs().max().item<double>() > 0.1, "Nothing was rotated.");
        Assert.Equal(x.norm().item<double>(), rotated.norm().item<double>(), 1e-5);
    }

    [Fact]
    public void Dimensions_above_the_largest_are_not_rotated()
    {
        using var scope = NewDisposeScope();
        using var basis = new KroneckerBasis([7, 5], float64, CPU, new KroneckerBasisSettings { MaxDimension = 6 }, "weight");
        Assert.Equal(["factor_1", "basis_1"], basis.Tensors.Select(tensor => tensor.Name));
        Assert.False(basis.IsIdentity);
    }

    [Theory]
    [InlineData(BasisRefresh.Qr)]
    [InlineData(BasisRefresh.Eigen)]
    public void The_basis_converges_to_the_eigenvectors_of_a_constant_factor(BasisRefresh refresh)
    {
        using var scope = NewDisposeScope();
        var g = randn([6, 6], dtype: float64, generator: new Generator(7));
        using var basis = new KroneckerBasis([6, 6], float64, CPU, new KroneckerBasisSettings { Refresh = refresh }, "weight");
        basis.Prepare(randn([6, 6], dtype: float64, generator: new Generator(8)), 0.9);
        for (var t = 1; t <= 400; t++)
            basis.Update(g, t, 0.9, 1);
        var rotated = zeros_like(g);
        basis.RotateIn(g, rotated);

        // In its own singular basis a matrix is diagonal.
        var off = (rotated - rotated.diagonal().diag()).norm() / rotated.norm();
        Assert.InRange(off.item<double>(), 0, 1e-4);
    }

    [Fact]
    public void Second_moments_are_permuted_with_the_basis()
    {
        using var scope = NewDisposeScope();
        using var basis = new KroneckerBasis([3, 3], float64, CPU, new KroneckerBasisSettings(), "weight");
        var first = diag(tensor(new[] { 3.0, 2.0, 1.0 }));
        basis.Prepare(first, 0.5);
        var moment = tensor(new[] { 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0 }).view(3, 3);

        // Much more of the last direction: it moves to the front, and the moments with it.
        basis.Update(diag(tensor(new[] { 0.0, 0.0, 100.0 })), 1, 0.5, 1, moment);
        var expected = tensor(new[] { 9.0, 7.0, 8.0, 3.0, 1.0, 2.0, 6.0, 4.0, 5.0 }).view(3, 3);
        Assert.True(moment.allclose(expected), moment.ToString(TorchSharp.TensorStringStyle.Julia));
    }

    [Fact]
    public void A_gradient_that_is_not_finite_is_an_error_that_names_the_parameter_and_changes_nothing()
    {
        using var scope = NewDisposeScope();
        using var basis = new KroneckerBasis([3, 2], float32, CPU, new KroneckerBasisSettings(), "head.weight");
        basis.Prepare(ones(3, 2), 0.9);
        var before = basis.Tensors.Select(tensor => tensor.Value.clone()).ToArray();
        var bad = ones(3, 2);
        bad[1, 1] = double.NaN;
        var error = Assert.Throws<PreconditionerException>(() => basis.Prepare(bad, 0.9));
        Assert.Equal("head.weight", error.Parameter);
        Assert.All(basis.Tensors.Zip(before), pair => Assert.True(pair.First.Value.equal(pair.Second).all().item<bool>()));
        Assert.True(basis.Prepare(ones(3, 2), 0.9));
    }

    [Fact]
    public void The_first_decomposition_that_fails_leaves_the_state_as_new()
    {
        using var scope = NewDisposeScope();
        using var basis = new KroneckerBasis([3, 2], float32, CPU, new KroneckerBasisSettings(), "weight") { Eigensolver = _ => throw new InvalidOperationException("injected") };
        Assert.Throws<PreconditionerException>(() => basis.Prepare(ones(3, 2), 0.9));
        using var fresh = new KroneckerBasis([3, 2], float32, CPU, new KroneckerBasisSettings(), "weight");
        Assert.True(basis.ApproximatelyEquals(fresh));
        basis.Eigensolver = InverseRoot.LinalgEigh;
        Assert.False(basis.Prepare(ones(3, 2), 0.9));
    }

    [Fact]
    public void A_refresh_that_fails_keeps_the_old_basis_three_times_and_then_is_an_error()
    {
        using var scope = NewDisposeScope();
        var settings = new KroneckerBasisSettings { Refresh = BasisRefresh.Eigen };
        using var basis = new KroneckerBasis([3, 2], float32, CPU, settings, "conv.weight");
        var g = randn([3, 2], generator: new Generator(1));
        basis.Prepare(g, 0.9);
        basis.Eigensolver = _ => throw new InvalidOperationException("injected");
        using var warnings = new Warnings("conv.weight");
        for (var t = 1; t <= 3; t++)
            basis.Update(g, t, 0.9, 1);
        var before = basis.Tensors.Select(tensor => tensor.Value.clone()).ToArray();
        var moment = randn([3, 2], generator: new Generator(2));
        var momentBefore = moment.clone();
        Assert.Throws<PreconditionerException>(() => basis.Update(g, 4, 0.9, 1, moment));
        Assert.Single(warnings.Messages);
        Assert.True(moment.allclose(momentBefore));
        Assert.All(basis.Tensors.Zip(before), pair => Assert.True(pair.First.Value.allclose(pair.Second, 0, 0)));
        basis.Eigensolver = InverseRoot.LinalgEigh;
        basis.Update(g, 4, 0.9, 1, moment);
        Assert.Equal(0, basis.Counters.Single(counter => counter.Name == "failures").Value);
    }
}
