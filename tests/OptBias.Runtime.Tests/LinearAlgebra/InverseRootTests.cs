using OptBias.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests.LinearAlgebra;

public sealed class InverseRootTests
{
    [Theory]
    [InlineData(RootMethod.Eigen, ScalarType.Float32, 1e-6)]
    [InlineData(RootMethod.Eigen, ScalarType.Float64, 1e-14)]
    [InlineData(RootMethod.CoupledNewton, ScalarType.Float32, 1e-5)]
    [InlineData(RootMethod.CoupledNewton, ScalarType.Float64, 1e-6)]
    public void The_root_of_the_identity_is_the_identity(RootMethod method, ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        foreach (var exponent in (double[])[1.0, 0.5, 0.25, 0.125])
        {
            var root = InverseRoot.Compute(eye(7, 7, dtype), exponent, epsilon: 0, method: method);
            Assert.Equal(dtype, root.dtype);
            Assert.InRange(Difference(root, eye(7, 7, float64)), 0, tolerance);
        }
    }

    [Theory]
    [InlineData(RootMethod.Eigen, ScalarType.Float32, 1e-5)]
    [InlineData(RootMethod.Eigen, ScalarType.Float64, 1e-12)]
    [InlineData(RootMethod.CoupledNewton, ScalarType.Float32, 1e-3)]
    [InlineData(RootMethod.CoupledNewton, ScalarType.Float64, 1e-5)]
    public void The_root_of_a_tridiagonal_matrix_is_known(RootMethod method, ScalarType dtype, double tolerance)
    {
        // tridiag(-1, 2, -1) has eigenvalues 2 - 2 cos(kπ / (n + 1)) and eigenvectors sin(jkπ / (n + 1)).
        using var scope = NewDisposeScope();
        const int N = 12;
        var matrix = zeros(N, N, dtype: float64);
        matrix.diagonal().fill_(2);
        matrix.diagonal(1).fill_(-1);
        matrix.diagonal(-1).fill_(-1);
        var indices = arange(1, N + 1, dtype: float64);
        var vectors = (outer(indices, indices) * (Math.PI / (N + 1))).sin() * Math.Sqrt(2.0 / (N + 1));
        var values = 2 - (2 * (indices * (Math.PI / (N + 1))).cos());
        foreach (var exponent in (double[])[0.5, 0.25, 1.0 / 6])
        {
            var expected = (vectors * values.pow(-exponent)).mm(vectors.t());
            var root = InverseRoot.Compute(matrix.to(dtype), exponent, epsilon: 0, method: method);
            Assert.InRange(Difference(root, expected), 0, tolerance);
        }
    }

    [Fact]
    public void Epsilon_survives_beside_eigenvalues_that_swallow_it()
    {
        // The smallest of these eigenvalues comes out below zero by far more than ε; what it is lifted to is still ε.
        using var scope = NewDisposeScope();
        const double Epsilon = 1e-12;
        var g = randn([10, 3], dtype: float64, generator: new Generator(1)) * 1e24;
        var root = InverseRoot.Compute(g.mm(g.t()), 0.25, Epsilon);
        Assert.InRange(linalg.eigvalsh(root)[-1].item<double>(), 0.99e3, 1.01e3);
    }

    [Fact]
    public void Roots_of_gradients_whose_squares_exceed_float32_are_finite()
    {
        using var scope = NewDisposeScope();
        using var problem = new Problem(ScalarType.Float32, 1, [6, 5], [8]);
        using var optimizer = new OptBias.Optimizers.Shampoo(problem.Parameters);
        for (var step = 0; step < 3; step++)
        {
            foreach (var parameter in problem.Parameters)
                parameter.grad = randn(parameter.shape, generator: new Generator((ulong)step)) * 1e24f;
            optimizer.step();
        }

        Assert.All(optimizer.States.SelectMany(state => state.Tensors).Where(t => t.Name.Contains("root", StringComparison.Ordinal)), t => Assert.True(t.Value.isfinite().all().item<bool>()));
        Assert.All(problem.Parameters, parameter => Assert.True(parameter.isfinite().all().item<bool>()));
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-4)]
    [InlineData(ScalarType.Float64, 1e-6)]
    public void A_rank_deficient_matrix_gets_epsilon_where_it_has_nothing(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        const double Epsilon = 1e-3;
        var g = randn([10, 3], dtype: float64, generator: new Generator(1));
        var (u, s, _) = linalg.svd(g, fullMatrices: true);
        var values = zeros(10, dtype: float64);
        values.narrow(0, 0, 3).copy_(s.square());
        var expected = (u * (values + Epsilon).pow(-0.25)).mm(u.t());
        var root = InverseRoot.Compute(g.mm(g.t()).to(dtype), 0.25, Epsilon);
        Assert.InRange(Difference(root, expected), 0, tolerance);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Without_epsilon_the_root_acts_on_the_range_alone(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var g = randn([10, 3], dtype: float64, generator: new Generator(1));
        var (u, s, _) = linalg.svd(g, fullMatrices: false);
        var expected = (u * s.square().pow(-0.25)).mm(u.t());
        var root = InverseRoot.Compute(g.mm(g.t()).to(dtype), 0.25, epsilon: 0);
        Assert.InRange(Difference(root, expected), 0, 1e-4);
    }

    [Theory]
    [InlineData(ScalarType.Float64, 1e-4)]
    [InlineData(ScalarType.Float32, 3e-7)]
    public void At_condition_1e12_the_root_is_accurate(ScalarType dtype, double tolerance)
    {
        // A float32 matrix cannot hold condition 1e12; there the claim is that its root is that of the matrix as it is, rounded.
        using var scope = NewDisposeScope();
        var (q, _) = linalg.qr(randn([40, 40], dtype: float64, generator: new Generator(2)));
        var values = logspace(0, -12, 40, dtype: float64);
        var matrix = (q * values).mm(q.t());
        matrix = ((matrix + matrix.t()) / 2).to(dtype);
        if (dtype == ScalarType.Float32)
        {
            (values, q) = linalg.eigh(matrix.to(float64));
            values = values - Math.Min(0, values[0].item<double>());
        }

        var expected = (q * (values + 1e-14).pow(-0.25)).mm(q.t());
        Assert.InRange(Difference(InverseRoot.Compute(matrix, 0.25, 1e-14), expected), 0, tolerance);
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e4, 2e-3)]
    [InlineData(ScalarType.Float64, 1e4, 1e-5)]
    [InlineData(ScalarType.Float64, 1e8, 1e-4)]
    public void Coupled_Newton_agrees_with_the_decomposition(ScalarType dtype, double condition, double tolerance)
    {
        using var scope = NewDisposeScope();
        var (q, _) = linalg.qr(randn([30, 30], dtype: float64, generator: new Generator(2)));
        var matrix = (q * logspace(0, -Math.Log10(condition), 30, dtype: float64)).mm(q.t()).to(dtype);
        foreach (var exponent in (double[])[0.5, 0.25, 0.125])
        {
            var newton = InverseRoot.Compute(matrix, exponent, 1e-12, method: RootMethod.CoupledNewton);
            var eigen = InverseRoot.Compute(matrix.to(float64), exponent, 1e-12);
            Assert.InRange(Difference(newton, eigen), 0, tolerance);
        }
    }

    [Fact]
    public void Rounding_below_zero_lifts_the_spectrum_instead_of_breaking_it()
    {
        using var scope = NewDisposeScope();
        var matrix = diag(tensor(new[] { 1.0, 1e-3, -1e-9 }));
        var root = InverseRoot.Compute(matrix, 0.25, 1e-12);
        Assert.InRange(Difference(root, diag(tensor(new[] { 1.0, Math.Pow(1e-3 + 1e-9, -0.25), Math.Pow(1e-12, -0.25) }))), 0, 1e-9);
    }

    [Fact]
    public void The_root_is_symmetric_to_the_last_bit()
    {
        using var scope = NewDisposeScope();
        var g = randn([33, 20], generator: new Generator(3));
        var root = InverseRoot.Compute(g.mm(g.t()), 0.25, 1e-6);
        Assert.True(root.equal(root.t()).all().item<bool>());
    }

    [Fact]
    public void A_scale_is_a_factor_of_the_matrix()
    {
        using var scope = NewDisposeScope();
        var g = randn([5, 9], dtype: float64, generator: new Generator(3));
        var a = g.mm(g.t());
        foreach (var method in Enum.GetValues<RootMethod>())
            Assert.InRange(Difference(InverseRoot.Compute(a, 0.5, 1e-3, scale: 4, method), InverseRoot.Compute(a * 4, 0.5, 1e-3, method: method)), 0, 1e-10);
    }

    [Fact]
    public void A_decomposition_that_throws_once_is_tried_again()
    {
        using var scope = NewDisposeScope();
        var calls = 0;
        var a = diag(tensor(new[] { 4.0, 1.0 }));
        var root = InverseRoot.Compute(a, 0.5, 0, 1, RootMethod.Eigen, symmetric => calls++ == 0 ? throw new InvalidOperationException("injected") : linalg.eigh(symmetric));
        Assert.Equal(2, calls);
        Assert.InRange(Difference(root, diag(tensor(new[] { 0.5, 1.0 }))), 0, 1e-14);
    }

    [Fact]
    public void Newton_says_which_exponents_it_can_take()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => InverseRoot.Compute(eye(2, 2, float64), 0.4, 0, method: RootMethod.CoupledNewton));
        Assert.Contains("0.4", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new KroneckerPreconditioner([3, 2], float32, CPU, new KroneckerSettings { Exponent = 0.4, Root = RootMethod.CoupledNewton }, "w"));
    }

    [Fact]
    public void A_matrix_on_which_Newton_does_not_converge_is_an_error_and_not_a_result()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArithmeticException>(() => InverseRoot.Compute(zeros(3, 3, float64), 0.25, 0, method: RootMethod.CoupledNewton));
        Assert.Throws<ArithmeticException>(() => InverseRoot.Compute(diag(tensor(new[] { 1.0, 0.0 })), 0.25, 0, method: RootMethod.CoupledNewton));
    }

    [Fact]
    public void It_wants_a_square_matrix_and_a_positive_exponent()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("[2, 3]", Assert.Throws<ArgumentException>(() => InverseRoot.Compute(ones(2, 3), 0.5, 0)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => InverseRoot.Compute(ones(2, 2), -0.5, 0));
    }

    /// <summary>Relative to the largest entry.</summary>
    private static double Difference(Tensor actual, Tensor expected) =>
        ((actual.to(float64) - expected).abs().max() / expected.abs().max()).item<double>();
}
