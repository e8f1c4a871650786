using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>
/// Principal angles between the input directions that two tasks change in a layer: between the leading right singular
/// subspaces of the weight changes ΔW₁ and ΔW₂.
/// </summary>
/// <remarks>
/// Each subspace holds the fewest right singular vectors that carry 90% of ‖ΔW‖²_F. Angles in [0, π/2], ascending, as many as the
/// smaller subspace has dimensions: 0 where a direction is shared, π/2 where the tasks keep out of each other's way.
/// A change that is zero: no angles. A NaN or an infinity anywhere: no angles.
/// Source: Björck and Golub, Math. Comp. 1973 (sines for small angles); Saha et al., "Gradient projection memory", ICLR 2021 (input subspaces of tasks).
/// </remarks>
public static class PrincipalAngles
{
    /// <summary>The principal angles in radians.</summary>
    /// <param name="first">Weight change of one task [out, in], or [out, in, ...] for a convolution.</param>
    /// <param name="second">Weight change of the other task, same shape.</param>
    /// <param name="energy">Fraction of the squared Frobenius norm that the subspaces carry, in (0, 1].</param>
    /// <exception cref="ArgumentException">Shapes that differ or have fewer than two dimensions.</exception>
    public static double[] Of(Tensor first, Tensor second, double energy = 0.9)
    {
        if (first.dim() < 2 || !first.shape.SequenceEqual(second.shape))
            throw new ArgumentException($"Expected two weight changes of one shape [out, in, ...], got [{string.Join(", ", first.shape)}] and [{string.Join(", ", second.shape)}].");
        if (energy is not (> 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(energy), energy, "The fraction of energy lies in (0, 1].");
        double[] angles = [];
        Measure.Any(first, x => Measure.Any(second, y =>
        {
            if (x.count_nonzero().Count() > 0 && y.count_nonzero().Count() > 0)
                angles = Between(Basis(x, energy), Basis(y, energy));
            return 0;
        }));
        return angles;
    }

    /// <summary>Mean squared cosine of the angles: 0 for orthogonal subspaces, 1 where one contains the other; NaN for no angles.</summary>
    public static double Overlap(IReadOnlyCollection<double> angles) =>
        angles.Count == 0 ? double.NaN : angles.Average(angle => Math.Pow(Math.Cos(angle), 2));

    private static Tensor Basis(Tensor x, double energy)
    {
        var (_, s, vh) = linalg.svd(x.flatten(1), fullMatrices: false);
        var sigma = Measure.Numbers(s);
        var wanted = energy * sigma.Sum(v => v * v) * (1 - 1e-12);
        var carried = 0.0;
        var k = 0;
        while (k < sigma.Length && carried < wanted)
            carried += sigma[k] * sigma[k++];
        return vh[..k].t();
    }

    private static double[] Between(Tensor a, Tensor b)
    {
        if (a.shape[1] < b.shape[1])
            (a, b) = (b, a);
        var product = a.t().matmul(b);
        var cosines = Measure.Numbers(linalg.svdvals(product));
        var sines = Measure.Numbers(linalg.svdvals(b - a.matmul(product)));

        // arccos is blind near 0 and arcsin near π/2; each angle is taken from the one that sees it. Sines come largest first.
        return [.. cosines.Select((cosine, i) => cosine * cosine < 0.5
            ? Math.Acos(Math.Clamp(cosine, 0, 1))
            : Math.Asin(Math.Clamp(sines[cosines.Length - 1 - i], 0, 1)))];
    }
}
