using OptBias.Lab.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Tests.Metrics;

public sealed class TopHessianEigenvalueTests
{
    [Fact]
    public void The_largest_eigenvalue_is_found_not_the_largest_magnitude()
    {
        using var scope = NewDisposeScope();
        var q = Known.Rotation(30, seed: 1);
        var eigenvalues = linspace(-9, 4, 30, dtype: ScalarType.Float64);
        var hessian = q.matmul(diag(eigenvalues)).matmul(q.t());
        var found = TopHessianEigenvalue.Of(v => hessian.mv(v), 30, tolerance: 1e-10);
        Assert.Equal(4, found.Value, 8);
        Assert.True(found.Residual < 1e-7);
    }

    [Fact]
    public void A_multiple_of_the_identity_needs_one_product()
    {
        using var scope = NewDisposeScope();
        var found = TopHessianEigenvalue.Of(v => 3 * v, 1000);
        Assert.Equal(3, found.Value, 12);
        Assert.Equal(1, found.Iterations);
        Assert.Equal(-2, TopHessianEigenvalue.Of(v => -2 * v, 1).Value, 12);
        Assert.Equal(0, TopHessianEigenvalue.Of(v => 0 * v, 10).Value, 12);
    }

    [Fact]
    public void The_residual_bounds_the_error_before_convergence()
    {
        using var scope = NewDisposeScope();
        var eigenvalues = linspace(0, 1, 400, dtype: ScalarType.Float64);
        var found = TopHessianEigenvalue.Of(v => eigenvalues * v, 400, iterations: 8, tolerance: 0);
        Assert.Equal(8, found.Iterations);
        Assert.InRange(1 - found.Value, 1e-6, found.Residual);
    }

    [Fact]
    public void Autograd_provides_the_products_of_a_real_loss()
    {
        using var scope = NewDisposeScope();
        // L = sum x^4 / 12: the Hessian is diag(x²).
        var x = tensor(new[] { 1.0, -3, 2 }).requires_grad_();
        Tensor Product(Tensor v)
        {
            var gradient = autograd.grad([x.pow(4).sum() / 12], [x], create_graph: true)[0];
            return autograd.grad([gradient.dot(v)], [x])[0];
        }

        Assert.Equal(9, TopHessianEigenvalue.Of(Product, 3).Value, 9);
    }

    [Fact]
    public void A_product_that_diverged_is_NaN()
    {
        using var scope = NewDisposeScope();
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        Assert.True(double.IsNaN(TopHessianEigenvalue.Of(v => v * double.NaN, 5).Value));
        TopHessianEigenvalue.Of(v => v * 2, 5);
        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }
}
