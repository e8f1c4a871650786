using OptBias.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests.LinearAlgebra;

public sealed class KroneckerFailureTests
{
    private static readonly Eigensolver Fails = _ => throw new InvalidOperationException("injected");

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e160)]
    public void A_gradient_whose_factors_would_not_be_finite_is_an_error_that_names_parameter_and_block(double entry)
    {
        using var scope = NewDisposeScope();
        using var preconditioner = new KroneckerPreconditioner([6, 4], float64, CPU, new KroneckerSettings { MaxDimension = 3 }, "fc1.weight");
        preconditioner.Update(ones(6, 4, dtype: float64), 1, 0.9, 1e-6, 1);
        var before = Copy(preconditioner);
        var bad = ones(6, 4, dtype: float64);
        bad[4, 3] = entry;
        var error = Assert.Throws<PreconditionerException>(() => preconditioner.Update(bad, 2, 0.9, 1e-6, 1));
        Assert.Equal("fc1.weight", error.Parameter);
        Assert.Equal("[3:6, 3:4]", error.Block);
        AssertUnchanged(preconditioner, before);
        preconditioner.Update(ones(6, 4, dtype: float64), 2, 0.9, 1e-6, 1);
    }

    [Fact]
    public void A_decomposition_that_fails_keeps_the_old_root_with_one_warning_and_the_fourth_in_a_row_is_an_error()
    {
        using var scope = NewDisposeScope();
        using var warnings = new Warnings("conv1.weight");
        using var preconditioner = new KroneckerPreconditioner([5, 4], float32, CPU, new KroneckerSettings { MaxDimension = 4 }, "conv1.weight");
        var g = randn([5, 4], generator: new Generator(1));
        preconditioner.Update(g, 1, 0.9, 1e-6, 1);
        var roots = Copy(preconditioner, "root");
        preconditioner.Eigensolver = Fails;
        for (var t = 2; t <= 4; t++)
            preconditioner.Update(g * t, t, 0.9, 1e-6, 1);
        AssertUnchanged(preconditioner, roots, "root");

        // One for each block.
        Assert.Equal(preconditioner.Partition.Blocks.Count, warnings.Messages.Count);
        Assert.Contains("[0:4, 0:4]", warnings.Messages[0], StringComparison.Ordinal);

        var before = Copy(preconditioner);
        var counters = preconditioner.Counters;
        var error = Assert.Throws<PreconditionerException>(() => preconditioner.Update(g * 5, 5, 0.9, 1e-6, 1));
        Assert.Equal(("conv1.weight", "[0:4, 0:4]"), (error.Parameter, error.Block));
        Assert.IsType<InvalidOperationException>(error.InnerException);
        AssertUnchanged(preconditioner, before);
        Assert.Equal(counters, preconditioner.Counters);

        // Training goes on from the last state as if the failed step had not been tried.
        preconditioner.Eigensolver = InverseRoot.LinalgEigh;
        preconditioner.Update(g * 5, 5, 0.9, 1e-6, 1);
        using var undisturbed = new KroneckerPreconditioner([5, 4], float32, CPU, new KroneckerSettings { MaxDimension = 4 }, "w");
        for (var t = 1; t <= 5; t++)
            undisturbed.Update(g * t, t, 0.9, 1e-6, 1);
        Assert.True(preconditioner.ApproximatelyEquals(undisturbed));
    }

    [Fact]
    public void Failures_that_are_not_in_a_row_are_forgiven()
    {
        using var scope = NewDisposeScope();
        using var preconditioner = new KroneckerPreconditioner([5, 4], float32, CPU, new KroneckerSettings(), "forgiven");
        var g = randn([5, 4], generator: new Generator(1));
        for (var t = 1; t <= 40; t++)
        {
            preconditioner.Eigensolver = t % 4 == 0 ? InverseRoot.LinalgEigh : Fails;
            preconditioner.Update(g, t, 0.9, 1e-6, 1);
        }
    }

    [Fact]
    public void Decompositions_that_give_values_that_are_not_finite_have_failed()
    {
        using var scope = NewDisposeScope();
        using var warnings = new Warnings("nan.weight");
        using var preconditioner = new KroneckerPreconditioner([5, 4], float32, CPU, new KroneckerSettings(), "nan.weight")
        {
            Eigensolver = symmetric => (full([symmetric.shape[0]], double.NaN, float64), symmetric.clone()),
        };
        preconditioner.Update(randn([5, 4]), 1, 0.9, 1e-6, 1);
        Assert.Single(warnings.Messages);
        Assert.All(Copy(preconditioner, "root"), root => Assert.True(root.isfinite().all().item<bool>()));
    }

    [Fact]
    public void Failures_in_the_background_count_when_they_are_taken_over()
    {
        using var scope = NewDisposeScope();
        using var preconditioner = new KroneckerPreconditioner([5, 4], float32, CPU, new KroneckerSettings { Asynchronous = true }, "async.weight");
        using var warnings = new Warnings("async.weight");
        var g = randn([5, 4], generator: new Generator(1));
        preconditioner.Update(g, 1, 0.9, 1e-6, 1);
        preconditioner.Eigensolver = Fails;
        for (var t = 2; t <= 5; t++)
            preconditioner.Update(g, t, 0.9, 1e-6, 1);
        Assert.Single(warnings.Messages);
        Assert.Throws<PreconditionerException>(() => preconditioner.Update(g, 6, 0.9, 1e-6, 1));
        preconditioner.Eigensolver = InverseRoot.LinalgEigh;
        for (var t = 6; t <= 9; t++)
            preconditioner.Update(g, t, 0.9, 1e-6, 1);
        Assert.Equal(0, preconditioner.Counters.Single(counter => counter.Name == "failures").Value);
    }

    [Fact]
    public void Sums_that_would_overflow_are_refused_and_the_state_is_as_before()
    {
        using var scope = NewDisposeScope();
        using var preconditioner = new KroneckerPreconditioner([2, 2], float64, CPU, new KroneckerSettings { Accumulation = Accumulation.Sum }, "sum.weight");
        var large = full([2, 2], 3.5e153, float64);
        preconditioner.Update(large, 1, double.NaN, 1e-6, 1);
        preconditioner.Update(large, 2, double.NaN, 1e-6, 1);
        preconditioner.Update(large, 3, double.NaN, 1e-6, 1);
        var before = Copy(preconditioner);
        var error = Assert.Throws<PreconditionerException>(() => preconditioner.Update(large, 4, double.NaN, 1e-6, 1));
        Assert.Contains("factor", error.Message, StringComparison.Ordinal);
        AssertUnchanged(preconditioner, before);
    }

    [Theory]
    [InlineData(1e-12)]
    [InlineData(0.0)]
    public void Zero_gradients_give_zero_updates(double epsilon)
    {
        using var scope = NewDisposeScope();
        using var preconditioner = new KroneckerPreconditioner([5, 4], float32, CPU, new KroneckerSettings(), "w");
        var output = ones(5, 4);
        for (var t = 1; t <= 5; t++)
        {
            preconditioner.Update(zeros(5, 4), t, 0.9, epsilon, 1);
            preconditioner.Apply(zeros(5, 4), output);
            Assert.True(output.eq(0).all().item<bool>());
        }
    }

    /// <summary>
    /// In float32 the rounding of the gradient itself, 6e-8 of it in the null space, comes out 1e-12^(−1/2) = 1e6 times larger;
    /// so does that of a float32 product.
    /// </summary>
    [Theory]
    [InlineData(ScalarType.Float32, 2e-1)]
    [InlineData(ScalarType.Float64, 1e-6)]
    public void A_gradient_of_rank_one_for_a_thousand_steps_stays_finite_and_in_its_direction(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var preconditioner = new KroneckerPreconditioner([12, 9], dtype, CPU, new KroneckerSettings(), "w");
        var g = outer(randn([12], dtype, generator: new Generator(1)), randn([9], dtype, generator: new Generator(2)));
        var output = zeros_like(g);
        for (var t = 1; t <= 1000; t++)
        {
            preconditioner.Update(g, t, 0.99, 1e-12, 10);
            preconditioner.Apply(g, output);
        }

        // L = R = |g|² in the one direction: u = g / |g|.
        Assert.InRange((output - (g / g.norm())).norm().to(float64).item<double>(), 0, tolerance);
    }

    [Fact]
    public void A_row_of_fifty_thousand_is_cut_into_blocks()
    {
        using var scope = NewDisposeScope();
        using var preconditioner = new KroneckerPreconditioner([1, 50_000], float32, CPU, new KroneckerSettings { MaxDimension = 128 }, "w");
        Assert.Equal(391, preconditioner.Partition.Blocks.Count);
        var g = randn([1, 50_000], generator: new Generator(1));
        var output = zeros_like(g);
        preconditioner.Update(g, 1, 0.9, 1e-8, 100);
        preconditioner.Apply(g, output);

        // Each block has seen one vector: u = g / |g| within it.
        var first = output.narrow(1, 0, 128);
        Assert.Equal(1, first.norm().item<float>(), 1e-2);
        Assert.True(output.isfinite().all().item<bool>());
    }

    [Fact]
    public void A_parameter_without_elements_is_left_alone()
    {
        using var scope = NewDisposeScope();
        using var preconditioner = new KroneckerPreconditioner([0, 4], float32, CPU, new KroneckerSettings(), "w");
        preconditioner.Update(zeros(0, 4), 1, 0.9, 1e-8, 1);
        preconditioner.Apply(zeros(0, 4), zeros(0, 4));
    }

    [Fact]
    public void Tensors_of_another_size_are_refused()
    {
        using var scope = NewDisposeScope();
        using var preconditioner = new KroneckerPreconditioner([3, 4], float32, CPU, new KroneckerSettings(), "head.weight");
        Assert.Contains("head.weight", Assert.Throws<ArgumentException>(() => preconditioner.Update(ones(3, 3), 1, 0.9, 1e-8, 1)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Exponent")]
    [InlineData("MaxDimension")]
    [InlineData("StalenessTolerance")]
    [InlineData("StartAt")]
    public void Settings_out_of_range_are_refused_by_name(string setting)
    {
        var settings = setting switch
        {
            "Exponent" => new KroneckerSettings { Exponent = -1 },
            "MaxDimension" => new KroneckerSettings { MaxDimension = 0 },
            "StalenessTolerance" => new KroneckerSettings { StalenessTolerance = 1 },
            _ => new KroneckerSettings { StartAt = 0 },
        };
        Assert.Equal(setting, Assert.Throws<ArgumentOutOfRangeException>(() => new KroneckerPreconditioner([3, 2], float32, CPU, settings, "w")).ParamName);
    }

    private static Tensor[] Copy(IMatrixState state, string kind = "") =>
        [.. state.Tensors.Where(tensor => tensor.Name.Contains(kind, StringComparison.Ordinal)).Select(tensor => tensor.Value.clone())];

    private static void AssertUnchanged(IMatrixState state, Tensor[] before, string kind = "") =>
        Assert.All(Copy(state, kind).Zip(before), pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>()));
}
