using OptBias.LinearAlgebra;
using OptBias.Routes;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests.LinearAlgebra;

/// <summary>
/// The route that matrix stages take on a GPU, taken on the CPU: it does what the CPU's own does, and a step reads as often for many
/// parameters as for few.
/// </summary>
[Collection(Alone.Name)]
public sealed class DeviceReadsTests
{
    private static readonly long[][] Few = [[6, 5], [7], [4, 3, 2]];
    private static readonly long[][] Many = [[6, 5], [7], [4, 3, 2], [5, 6], [8, 8], [3, 9], [9, 3], [2, 3, 4], [12], [10, 2], [8, 8], [6, 5], [7], [6, 5]];

    /// <summary>What is to be known of all gradients is read once, and once more in the steps in which roots are refreshed: that is every step of ShampooSum.</summary>
    [Theory]
    [InlineData("Shampoo", 1)]
    [InlineData("ShampooSum", 2)]
    [InlineData("KlShampoo", 1)]
    [InlineData("Soap", 1)]
    [InlineData("MuonMatrix", 1)]
    [InlineData("Muon", 1)]
    [InlineData("Adafactor", 1)]
    [InlineData("AdamW", 1)]
    [InlineData("TwoShampoos", 2)]
    public void A_step_reads_as_often_for_many_parameters_as_for_few(string name, int expected)
    {
        Assert.Equal(expected, ReadsOfAPlainStep(name, Few));
        Assert.Equal(expected, ReadsOfAPlainStep(name, Many));
    }

    [Theory]
    [InlineData("Shampoo", 2)]
    [InlineData("Soap", 2)]
    public void A_step_that_refreshes_reads_as_often_for_many_parameters_as_for_few(string name, int expected)
    {
        Assert.Equal(expected, ReadsOfAPlainStep(name, [[6, 5], [7]], updateEvery: 1));
        Assert.Equal(expected, ReadsOfAPlainStep(name, [.. Many.Where(shape => shape.Length < 3)], updateEvery: 1));
    }

    [Theory]
    [InlineData("Shampoo", ScalarType.Float64, 1e-9)]
    [InlineData("ShampooSum", ScalarType.Float64, 1e-9)]
    [InlineData("KlShampoo", ScalarType.Float64, 1e-9)]
    [InlineData("Soap", ScalarType.Float64, 1e-3)]
    [InlineData("MuonMatrix", ScalarType.Float64, 1e-9)]
    [InlineData("Muon", ScalarType.Float64, 1e-9)]
    [InlineData("Shampoo", ScalarType.Float32, 1e-3)]
    [InlineData("MuonMatrix", ScalarType.Float32, 1e-3)]
    public void A_device_gets_the_updates_that_the_CPU_gets(string name, ScalarType dtype, double tolerance)
    {
        using var here = new Problem(dtype, 1, Many);
        using var there = new Problem(dtype, 1, Many);
        Steps(name, here, 12);
        OnDevice(() => Steps(name, there, 12));
        Assert.InRange(there.DistanceTo(here), 0, tolerance);
    }

    [Theory]
    [InlineData("Shampoo")]
    [InlineData("Soap")]
    public void A_gradient_that_is_not_finite_is_found_before_anything_changes(string name) => OnDevice(() =>
    {
        using var problem = new Problem(ScalarType.Float64, 1, Few);
        using var untouched = new Problem(ScalarType.Float64, 1, Few);
        using var optimizer = Make(name, problem);
        problem.SetGradients(0);
        using (no_grad())
            problem.Parameters[2].grad![0, 0, 0] = double.NaN;
        var failure = Assert.Throws<PreconditionerException>(() => optimizer.step());
        Assert.Contains("parameter 2", failure.Parameter, StringComparison.Ordinal);
        Assert.Equal(0, problem.DistanceTo(untouched));
        Assert.All(optimizer.States, state => Assert.Equal(0, state.Step));

        // The next step is one as any other.
        problem.SetGradients(0);
        untouched.SetGradients(0);
        optimizer.step();
        using var fresh = Make(name, untouched);
        fresh.step();
        Assert.Equal(0, problem.DistanceTo(untouched));
    });

    [Fact]
    public void A_root_that_turns_out_not_to_be_finite_is_not_taken_over() => OnDevice(() =>
    {
        using var scope = NewDisposeScope();
        using var warnings = new Warnings("not finite");
        using var preconditioner = new KroneckerPreconditioner([6, 4], float64, CPU, new KroneckerSettings(), "not finite");
        var g = randn([6, 4], dtype: float64, generator: new Generator(1));
        preconditioner.Update(g, 1, 0.9, 1e-3, 1);
        var roots = preconditioner.Tensors.Where(t => t.Name.StartsWith("root", StringComparison.Ordinal)).Select(t => (t.Value, Before: t.Value.clone())).ToList();
        preconditioner.Eigensolver = static symmetric =>
        {
            var (values, vectors) = linalg.eigh(symmetric);
            return (full_like(values, double.NaN), vectors);
        };
        var before = Numbers.Reads;
        preconditioner.Update(g * 2, 2, 0.9, 1e-3, 1);
        Assert.Equal(2, Numbers.Reads - before);
        Assert.All(roots, root => Assert.True(root.Value.equal(root.Before).all().item<bool>()));
        Assert.Contains(("failures", 1L), preconditioner.Counters);

        preconditioner.Eigensolver = InverseRoot.LinalgEigh;
        preconditioner.Update(g * 3, 3, 0.9, 1e-3, 1);
        Assert.Contains(("failures", 0L), preconditioner.Counters);
        Assert.All(roots, root => Assert.False(root.Value.allclose(root.Before)));
    });

    [Fact]
    public void What_cannot_be_decomposed_as_a_stack_is_decomposed_one_by_one() => OnDevice(() =>
    {
        using var scope = NewDisposeScope();
        using var alone = new KroneckerPreconditioner([6, 6], float64, CPU, new KroneckerSettings(), "alone");
        using var stacked = new KroneckerPreconditioner([6, 6], float64, CPU, new KroneckerSettings(), "stacked");
        var stacks = 0;
        alone.Eigensolver = symmetric =>
        {
            if (symmetric.dim() == 2)
                return linalg.eigh(symmetric);
            stacks++;
            throw new ArithmeticException("one of them does not converge");
        };
        var g = randn([6, 6], dtype: float64, generator: new Generator(1));
        alone.Update(g, 1, 0.9, 1e-3, 1);
        stacked.Update(g, 1, 0.9, 1e-3, 1);
        Assert.Equal(2, stacks); // as it is, and scaled
        Assert.Contains(("failures", 0L), alone.Counters);
        Assert.All(alone.Tensors.Zip(stacked.Tensors), pair => Assert.True(pair.First.Value.allclose(pair.Second.Value, 1e-9, 1e-12)));
    });

    [Fact]
    public void A_basis_that_turns_out_not_to_be_finite_is_not_taken_over_and_the_others_are() => OnDevice(() =>
    {
        using var scope = NewDisposeScope();
        using var warnings = new Warnings("broken");
        using var work = new MatrixWork();
        var bases = new[] { "broken", "sound" }.Select(name => new KroneckerBasis([6, 4], float64, CPU, new KroneckerBasisSettings(), name)).ToArray();
        var g = randn([6, 4], dtype: float64, generator: new Generator(1));
        foreach (var basis in bases)
            Assert.False(basis.Prepare(g, 0.9));
        bases[0].Tensors[0].Value.fill_(double.NaN);
        var before = bases.Select(basis => basis.Tensors.Single(t => t.Name == "basis_0").Value.clone()).ToArray();
        foreach (var basis in bases)
            basis.Update(randn([6, 4], dtype: float64, generator: new Generator(2)), 1, 0.9, 1, work, zeros([6, 4], dtype: float64));
        work.Complete();
        Assert.Contains(("failures", 1L), bases[0].Counters);
        Assert.Contains(("failures", 0L), bases[1].Counters);
        Assert.True(bases[0].Tensors.Single(t => t.Name == "basis_0").Value.equal(before[0]).all().item<bool>());
        Assert.False(bases[1].Tensors.Single(t => t.Name == "basis_0").Value.allclose(before[1]));
        foreach (var basis in bases)
            basis.Dispose();
    });

    /// <summary>Parameters that get no gradient in some step fall out of their stack, and come back.</summary>
    [Theory]
    [InlineData("Shampoo")]
    [InlineData("Soap")]
    public void Stacks_follow_the_parameters_that_have_gradients(string name)
    {
        long[][] shapes = [[6, 5], [6, 5], [7], [6, 5], [7]];
        using var here = new Problem(ScalarType.Float64, 1, shapes);
        using var there = new Problem(ScalarType.Float64, 1, shapes);
        Run(here);
        OnDevice(() => Run(there));
        Assert.InRange(there.DistanceTo(here), 0, 1e-9);

        void Run(Problem problem)
        {
            using var optimizer = Make(name, problem);
            for (var step = 0; step < 9; step++)
            {
                problem.SetGradients(step);
                if (step % 3 == 1)
                    problem.Parameters[step % 5].grad = null;
                optimizer.step();
            }
        }
    }

    [Fact]
    public void Matrices_with_entries_whose_squares_overflow_are_orthogonalised_all_the_same() => OnDevice(() =>
    {
        using var scope = NewDisposeScope();
        var u = randn([5, 7], dtype: float32, generator: new Generator(1));
        var (plain, large) = (zeros_like(u), zeros_like(u));
        NewtonSchulz.Orthogonalize(u, plain);
        NewtonSchulz.Orthogonalize(u * 1e30, large);
        Assert.True(large.allclose(plain, 1e-3, 1e-4));
        Assert.InRange(linalg.svdvals(plain).max().item<float>(), 0.7f, 1.3f);
    });

    private static long ReadsOfAPlainStep(string name, long[][] shapes, int? updateEvery = null)
    {
        long reads = 0;
        OnDevice(() =>
        {
            // Roots and bases are refreshed at steps 1 and 10, 11: this is a step between.
            using var problem = new Problem(ScalarType.Float32, 1, shapes);
            using var optimizer = Make(name, problem, updateEvery);
            for (var step = 0; step < 4; step++)
            {
                problem.SetGradients(step);
                var before = Numbers.Reads;
                optimizer.step();
                reads = Numbers.Reads - before;
            }
        });
        return reads;
    }

    private static void OnDevice(Action action)
    {
        RouteOf.DeviceEverywhere = true;
        try
        {
            action();
        }
        finally
        {
            RouteOf.DeviceEverywhere = false;
        }
    }

    private static void Steps(string name, Problem problem, int steps)
    {
        using var optimizer = Make(name, problem);
        for (var step = 0; step < steps; step++)
        {
            problem.SetGradients(step);
            optimizer.step();
        }
    }

    /// <summary>With an ε that keeps the null space of a factor's first gradients from multiplying the last bits.</summary>
    private static DeclaredOptimizer Make(string name, Problem problem, int? updateEvery = null)
    {
        var descriptor = Declared.Find(name);
        var values = descriptor.Hyperparameters.Where(h => h.Name == "shampoo_eps").ToDictionary(h => h.Name, _ => 1e-3);
        if (updateEvery is { } every)
            values["update_every"] = every;
        return descriptor.Create(problem.Parameters, values);
    }
}
