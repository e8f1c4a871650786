using OptBias.Lab.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Tests.Metrics;

public sealed class LocalizationTests
{
    [Fact]
    public void One_hot_activity_is_as_sparse_as_it_gets_both_ways()
    {
        using var scope = NewDisposeScope();
        var h = eye(6, dtype: ScalarType.Float64) * 3;
        Assert.Equal(1, LifetimeSparseness.Of(h), 12);
        Assert.Equal(1, PopulationSparseness.Of(h), 12);
    }

    [Fact]
    public void Even_activity_is_not_sparse()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0, LifetimeSparseness.Of(ones(6, 4)), 12);
        Assert.Equal(0, PopulationSparseness.Of(ones(6, 4)), 12);
    }

    [Fact]
    public void Sparseness_follows_its_formula_and_leaves_silent_lines_out()
    {
        using var scope = NewDisposeScope();
        var h = Known.Of(new double[,] { { 1, 0, 0 }, { 3, 0, 2 }, { 0, 0, 0 }, { -4, 0, 2 } });

        // Unit 0: mean 2, mean square 6.5; unit 2: mean 1, mean square 2; unit 1 is silent.
        Assert.Equal(((1 - (4 / 6.5)) + (1 - (1 / 2.0))) / 2 / (1 - (1 / 4.0)), LifetimeSparseness.Of(h), 12);

        // Examples (1,0,0), (3,0,2), (4,0,2): ratios 1/3, 25/39, 36/60; example 2 excites nobody.
        Assert.Equal(((1 - (1 / 3.0)) + (1 - (25 / 39.0)) + (1 - (36 / 60.0))) / 3 / (1 - (1 / 3.0)), PopulationSparseness.Of(h), 12);
    }

    [Fact]
    public void Selectivity_is_one_for_class_detectors_and_zero_for_indifferent_units()
    {
        using var scope = NewDisposeScope();
        var labels = tensor(new long[] { 0, 1, 2, 0, 1, 2 });
        var detectors = cat([eye(3), eye(3)]);
        Assert.Equal(1, ClassSelectivity.Of(detectors, labels), 12);
        Assert.Equal(0, ClassSelectivity.Of(ones(6, 4), labels), 12);
    }

    [Fact]
    public void Selectivity_compares_the_largest_class_mean_with_the_mean_of_the_others()
    {
        using var scope = NewDisposeScope();
        // Class means of unit 0: 6, 2, 1; unit 1 is silent and left out.
        var h = Known.Of(new double[,] { { 4, 0 }, { 8, 0 }, { 2, 0 }, { 1, 0 } });
        Assert.Equal((6 - 1.5) / (6 + 1.5), ClassSelectivity.Of(h, tensor(new long[] { 7, 7, 3, 5 })), 12);
    }

    [Fact]
    public void Dead_units_are_those_that_never_speak()
    {
        using var scope = NewDisposeScope();
        var h = Known.Of(new double[,] { { 0, 1, 0, 1e-9 }, { 0, 0, -2, 0 } });
        Assert.Equal(0.5, DeadUnits.Of(h), 12);
        Assert.Equal(1, DeadUnits.Of(zeros(3, 5)), 12);
        Assert.Equal(0, DeadUnits.Of(ones(3, 5)), 12);
    }

    [Fact]
    public void What_has_no_sparseness_is_NaN()
    {
        using var scope = NewDisposeScope();
        var silent = zeros(4, 3);
        var labels = tensor(new long[] { 0, 1, 0, 1 });
        Assert.True(double.IsNaN(LifetimeSparseness.Of(silent)));
        Assert.True(double.IsNaN(PopulationSparseness.Of(silent)));
        Assert.True(double.IsNaN(ClassSelectivity.Of(silent, labels)));
        Assert.True(double.IsNaN(LifetimeSparseness.Of(ones(1, 3))));
        Assert.True(double.IsNaN(PopulationSparseness.Of(ones(4, 1))));
        Assert.True(double.IsNaN(ClassSelectivity.Of(ones(4, 3), zeros(4, dtype: ScalarType.Int64))));
        var diverged = full(new long[] { 4, 3 }, double.NaN);
        Assert.True(double.IsNaN(LifetimeSparseness.Of(diverged)));
        Assert.True(double.IsNaN(DeadUnits.Of(diverged)));
        Assert.True(double.IsNaN(ClassSelectivity.Of(diverged, labels)));
    }

    [Fact]
    public void Labels_that_do_not_fit_are_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("4 integer labels", Assert.Throws<ArgumentException>(() => ClassSelectivity.Of(ones(4, 3), zeros(5, dtype: ScalarType.Int64))).Message);
        Assert.Throws<ArgumentException>(() => ClassSelectivity.Of(ones(4, 3), zeros(4)));
    }
}
