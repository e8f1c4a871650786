using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>
/// Singular vector canonical correlation: both representations are cut down to the directions that carry 99% of their variance,
/// and the canonical correlations between those are averaged.
/// </summary>
/// <remarks>
/// Range [0, 1]: 1 where the smaller space of directions lies in the larger one. Invariant to rotation, scale and shift of either side.
/// Needs many more examples than directions: with as many directions as examples everything correlates. A representation that does not vary
/// (also: one example): NaN. A NaN or an infinity anywhere: NaN.
/// Source: Raghu et al., "SVCCA", NeurIPS 2017, section 2.
/// </remarks>
public static class Svcca
{
    /// <summary>The mean canonical correlation of two representations of the same examples, [n, d₁] and [n, d₂].</summary>
    /// <param name="a">The one.</param>
    /// <param name="b">The other.</param>
    /// <param name="variance">Fraction of the variance that the directions carry, in (0, 1].</param>
    /// <exception cref="ArgumentException">Not matrices of the same examples.</exception>
    public static double Of(Tensor a, Tensor b, double variance = 0.99)
    {
        if (variance is not (> 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(variance), variance, "The fraction of variance lies in (0, 1].");
        return Measure.Pair(a, b, (x, y) =>
        {
            // The left singular vectors are orthonormal: the canonical correlations are the singular values of their product.
            if (Directions(x, variance) is not { } u || Directions(y, variance) is not { } v)
                return double.NaN;
            return Math.Clamp(linalg.svdvals(u.t().matmul(v)).mean().Number(), 0, 1);
        });
    }

    private static Tensor? Directions(Tensor x, double variance)
    {
        var centred = x - x.mean([0], keepdim: true);
        if (centred.abs().max().Number() <= 1e-12 * x.abs().max().Number())
            return null;
        var (u, s, _) = linalg.svd(centred, fullMatrices: false);
        var sigma = Measure.Numbers(s);
        var wanted = variance * sigma.Sum(v => v * v) * (1 - 1e-12);
        var carried = 0.0;
        var k = 0;
        while (k < sigma.Length && carried < wanted)
            carried += sigma[k] * sigma[k++];
        return u[.., ..k];
    }
}
