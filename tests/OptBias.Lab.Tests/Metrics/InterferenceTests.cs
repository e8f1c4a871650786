using OptBias.Lab.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Tests.Metrics;

public sealed class InterferenceTests
{
    [Fact]
    public void Overlap_counts_shared_over_all_active_units()
    {
        using var scope = NewDisposeScope();
        var first = Known.Of(new double[,] { { 4, 4, 0, 0, 0 }, { 4, -4, 0, 0, 0 } });
        var second = Known.Of(new double[,] { { 0, 3, 3, 3, 0 } });
        Assert.Equal(1 / 4.0, ActiveUnitOverlap.Of(first, second), 12);
        Assert.Equal(0, ActiveUnitOverlap.Of(first, Known.Of(new double[,] { { 0, 0, 0, 0, 1 } })), 12);
        Assert.Equal(1, ActiveUnitOverlap.Of(first, first * 100), 12);
        Assert.Equal(1, ActiveUnitOverlap.Of(ones(3, 7) * 0.1, ones(5, 7)), 12);
    }

    [Fact]
    public void Angles_between_planes_are_those_they_were_built_with()
    {
        using var scope = NewDisposeScope();
        var rotation = Known.Rotation(6, seed: 2);
        var (small, large) = (1e-9, 1.1);
        var a = zeros(2, 6, dtype: ScalarType.Float64);
        a[0, 0] = 1;
        a[1, 1] = 1;
        var b = zeros(2, 6, dtype: ScalarType.Float64);
        b[0, 0] = Math.Cos(small);
        b[0, 2] = Math.Sin(small);
        b[1, 1] = Math.Cos(large);
        b[1, 3] = Math.Sin(large);
        var angles = PrincipalAngles.Of(Known.Rotation(2, seed: 1).matmul(a).matmul(rotation), 3 * b.matmul(rotation), energy: 1);
        Assert.Equal(2, angles.Length);
        Assert.Equal(small, angles[0], 14);
        Assert.Equal(large, angles[1], 12);
        Assert.Equal((1 + Math.Pow(Math.Cos(large), 2)) / 2, PrincipalAngles.Overlap(angles), 12);
    }

    [Fact]
    public void Directions_that_carry_little_are_left_out()
    {
        using var scope = NewDisposeScope();
        var a = Known.WithSingularValues(5, 8, [3, 0.1]);
        Assert.Single(PrincipalAngles.Of(a, a));
        Assert.Equal(0, PrincipalAngles.Of(a, a)[0], 7);
        Assert.Equal(2, PrincipalAngles.Of(a, a, energy: 1).Length);
    }

    [Fact]
    public void A_line_in_a_plane_is_at_angle_zero_and_kernels_are_flattened()
    {
        using var scope = NewDisposeScope();
        var plane = zeros(2, 3, 2, dtype: ScalarType.Float64);
        plane[0, 0, 0] = 1;
        plane[1, 1, 0] = 1;
        var line = zeros(2, 3, 2, dtype: ScalarType.Float64);
        line[0, 0, 0] = 1;
        line[0, 1, 0] = 1;
        Assert.Equal(0, Assert.Single(PrincipalAngles.Of(plane, line, energy: 1)), 12);
    }

    [Fact]
    public void Gradients_are_compared_as_one_vector()
    {
        using var scope = NewDisposeScope();
        Tensor[] a = [tensor(new double[] { 1, 2 }), tensor(new double[] { 2 })];
        Tensor[] b = [tensor(new double[] { 2, 0 }), tensor(new double[] { -2 })];
        Assert.Equal((2 - 4) / (3 * Math.Sqrt(8)), GradientCosine.Of(a, b), 12);
        Assert.Equal(1, GradientCosine.Of(a, a), 12);
        Assert.Equal(-1, GradientCosine.Of(a, [.. a.Select(g => -5 * g)]), 12);
    }

    [Fact]
    public void Nothing_to_compare_is_NaN_or_no_angle()
    {
        using var scope = NewDisposeScope();
        Assert.True(double.IsNaN(ActiveUnitOverlap.Of(zeros(2, 3), zeros(2, 3))));
        Assert.True(double.IsNaN(ActiveUnitOverlap.Of(full(new long[] { 2, 3 }, double.NaN), ones(2, 3))));
        Assert.Empty(PrincipalAngles.Of(zeros(2, 3), ones(2, 3)));
        Assert.Empty(PrincipalAngles.Of(full(new long[] { 2, 3 }, double.NaN), ones(2, 3)));
        Assert.True(double.IsNaN(PrincipalAngles.Overlap([])));
        Assert.True(double.IsNaN(GradientCosine.Of([zeros(2)], [ones(2)])));
        Assert.True(double.IsNaN(GradientCosine.Of([ones(2)], [full(new long[] { 2 }, double.NaN)])));
        Assert.Throws<ArgumentException>(() => GradientCosine.Of([ones(2)], [ones(3)]));
        Assert.Throws<ArgumentException>(() => PrincipalAngles.Of(ones(2, 3), ones(3, 2)));
        Assert.Throws<ArgumentException>(() => ActiveUnitOverlap.Of(ones(2, 3), ones(2, 4)));
    }
}
