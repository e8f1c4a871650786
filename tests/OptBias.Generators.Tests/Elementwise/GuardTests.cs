namespace OptBias.Generators.Tests;

/// <summary>Guard clauses are what they read like: the same rule as a chain of <c>?:</c>, with the same operations and the same equations.</summary>
public sealed class GuardTests
{
    private static readonly string[] Shrink =
    [
        "=> update > a ? update - a : update < -a ? update + a : 0;",
        "{ if (update > a) return update - a; if (update < -a) return update + a; return 0; }",
        "{ if (update > a) return update - a; else if (update < -a) return update + a; else return 0; }",
        "{ if (update > a) { return update - a; } else { if (update < -a) return update + a; } return 0; }",
        "{ float x = 0; if (update > a) return update - a; if (update < -a) x = update + a; return x; }",
        "{ if (!(update > a)) { if (update < -a) return update + a; return 0; } return update - a; }",
        "=> Above(update, a) ? update - a : update < -a ? update + a : 0; static bool Above(float x, float y) { if (x > y) return true; return false; }",
    ];

    public static TheoryData<int> Ways => [.. Enumerable.Range(0, Shrink.Length)];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Soft_thresholding_has_its_eight_operations_however_it_is_written(int way)
    {
        using var compiled = CompiledOptimizers.Of($"[Optimizer, Elementwise(nameof(F))] public sealed partial class A {{ static float F(float update, [Hyper(1)] float a) {Shrink[way]} }}");
        var descriptor = compiled.Descriptor("A");
        Assert.Equal(8, descriptor.Cost.Operations);
        Assert.StartsWith("u = g − a if a < g else (g + a if g < −a else 0)", descriptor.Formulas, StringComparison.Ordinal);
    }

    /// <summary>Many returns, with state that each of them freezes: a selection for each, and no more.</summary>
    [Fact]
    public void A_return_costs_a_selection_for_what_it_returns_and_one_for_each_state()
    {
        using var compiled = CompiledOptimizers.Of("""
            [Optimizer, Elementwise(nameof(F))] public sealed partial class A
            {
                static float F(float update, float parameter, ref float s)
                {
                    if (update > 3) return 1;
                    s += update;
                    if (update > 2) return parameter;
                    s += parameter;
                    if (update > 1) return s;
                    return update;
                }
            }
            """);

        // Three comparisons, two sums, three selections of the result and two of the state (the last two returns agree on it), and the step itself.
        Assert.Equal(3 + 2 + 3 + 2 + 2, compiled.Descriptor("A").Cost.Operations);
    }
}
