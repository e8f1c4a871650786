using OptBias.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>Fraction of the varying units that a linear regression on the others predicts with an adjusted R² above 0.9.</summary>
/// <remarks>
/// <para>
/// R² of unit j is 1 − 1 / (C⁻¹)ⱼⱼ for the correlation matrix C (the variance inflation factor). It is adjusted for the
/// number of directions that predict, r: 1 − (1 − R²)(n − 1) / (n − r), since otherwise a wide layer on few examples is always predictable.
/// </para>
/// <para>
/// Range [0, 1]. One varying unit: 0 (no others). No varying unit: NaN. As many directions as examples allow, r = n − 1
/// with more units than that: NaN, as any unit would be predicted; take more examples. A NaN or an infinity anywhere: NaN.
/// </para>
/// <para>Source: Marquardt, Technometrics 1970 (variance inflation); Theil, Economic Forecasts and Policy, 1961 (adjustment).</para>
/// </remarks>
public static class PredictableUnits
{
    /// <summary>The fraction of predictable units in a representation [n examples, d units].</summary>
    /// <param name="h">The representation.</param>
    /// <param name="threshold">R² above which a unit counts as predictable.</param>
    public static double Of(Tensor h, double threshold = 0.9) => Measure.Matrix(h, x =>
    {
        var z = Standardized.Of(x);
        var (n, d) = (x.shape[0], z.shape[1]);
        if (d < 2)
            return d == 0 ? double.NaN : 0;
        var (eigenvalues, vectors) = linalg.eigh(z.t().matmul(z));

        // Directions below the floor are linear dependencies: their weight in C⁻¹ is as large as the floor lets it be, and R² is 1 to nine digits.
        var floor = 1e-10 * d;
        var r = eigenvalues.IsAbove(floor).sum().Count();
        if (r >= n - 1 && d > r)
            return double.NaN;
        var inflation = vectors.Squared().matmul(eigenvalues.AtLeast(floor).reciprocal());
        var adjusted = inflation.reciprocal().Times((n - 1.0) / (n - r)).SubtractedFrom(1);
        return adjusted.IsAbove(threshold).to(ScalarType.Float64).mean().Number();
    });
}
