using System.Numerics.Tensors;
using OptBias.Lab.Data;
using OptBias.Lab.Probes.Certified;

namespace OptBias.Lab.Tests.Probes;

public sealed class SmallestNormTests
{
    private const int Rows = 4;
    private const int Columns = 6;

    public static TheoryData<string> All => [.. Enum.GetNames<Geometry>()];

    [Theory]
    [MemberData(nameof(All))]
    public void Of_one_condition_it_is_the_reciprocal_of_the_dual_norm(string name)
    {
        // max ⟨A, W⟩ over ‖W‖ ≤ 1 is the dual norm of A, so the smallest W with ⟨A, W⟩ = 1 (or ≥ 1) has the norm 1/‖A‖_*.
        var geometry = Enum.Parse<Geometry>(name);
        var a = Normal(new SeededRandom(3, "one condition"));
        var expected = 1 / geometry.DualNorm(a, Columns);
        var inside = a.Select(x => 2 * x / TensorPrimitives.Dot<double>(a, a)).ToArray();
        Assert.Equal(expected, SmallestNorm.Of(geometry, Columns, [a], [1]).Norm, 1e-6 * expected);
        Assert.Equal(expected, SmallestNorm.Of(geometry, Columns, [a], [1], inside).Norm, 1e-6 * expected);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_steepest_direction_has_norm_1_and_the_largest_product(string name)
    {
        var geometry = Enum.Parse<Geometry>(name);
        var g = Normal(new SeededRandom(4, "steepest"));
        var direction = geometry.Steepest(g, Columns);
        Assert.Equal(1, geometry.Norm(direction, Columns), 1e-10);
        Assert.Equal(geometry.DualNorm(g, Columns), TensorPrimitives.Dot<double>(direction, g), 1e-10);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_norm_of_many_conditions_is_certified(string name)
    {
        var geometry = Enum.Parse<Geometry>(name);
        var random = new SeededRandom(5, "many conditions");
        var truth = Normal(random);
        var conditions = Enumerable.Range(0, 9).Select(_ => Normal(random)).ToArray();
        foreach (var a in conditions.Where(a => TensorPrimitives.Dot<double>(a, truth) < 0))
            TensorPrimitives.Negate(a, a);
        var products = conditions.Select(a => TensorPrimitives.Dot<double>(a, truth)).ToArray();
        var equations = SmallestNorm.Of(geometry, Columns, conditions, products);
        Assert.InRange(equations.Gap, 0, 1e-6);
        Assert.True(equations.Norm <= geometry.Norm(truth, Columns) * (1 + 1e-6));
        var inequalities = SmallestNorm.Of(geometry, Columns, conditions, [.. products.Select(_ => 1.0)], [.. truth.Select(x => 2 * x / products.Min())]);
        Assert.InRange(inequalities.Gap, 0, 1e-6);
        Assert.All(conditions, a => Assert.True(TensorPrimitives.Dot<double>(a, inequalities.Matrix) >= 1 - 1e-8));
    }

    [Fact]
    public void Conditions_that_nothing_meets_have_no_certificate() =>
        Assert.ThrowsAny<Exception>(() => SmallestNorm.Of(Geometry.Max, 1, [[1, 0], [1, 0]], [1, 2]));

    private static double[] Normal(SeededRandom random) => [.. Enumerable.Range(0, Rows * Columns).Select(_ => random.NextNearlyNormal())];
}
