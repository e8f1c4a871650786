using OptBias.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>
/// Orthogonal Procrustes distance of the centred representations scaled to Frobenius norm 1:
/// min over rotations R of ‖A − BR‖²_F = 2 − 2‖AᵀB‖_*.
/// </summary>
/// <remarks>
/// Range [0, 2]: 0 where the two agree up to rotation, scale and shift, 2 where they are orthogonal; the narrower one is padded with silent units.
/// A representation that does not vary: NaN. A NaN or an infinity anywhere: NaN.
/// Source: Ding, Denain and Steinhardt, "Grounding representation similarity with statistical testing", NeurIPS 2021.
/// </remarks>
public static class ProcrustesDistance
{
    /// <summary>The distance of two representations of the same examples, [n, d₁] and [n, d₂].</summary>
    /// <exception cref="ArgumentException">Not matrices of the same examples.</exception>
    public static double Of(Tensor a, Tensor b) => Measure.Pair(a, b, (x, y) =>
        Normalize(x) is { } u && Normalize(y) is { } v
            ? Math.Clamp(2 - (2 * linalg.svdvals(u.t().matmul(v)).sum().Number()), 0, 2)
            : double.NaN);

    private static Tensor? Normalize(Tensor x)
    {
        var centred = x - x.mean([0], keepdim: true);
        var spread = centred.abs().max().Number();
        if (spread <= 1e-12 * x.abs().max().Number())
            return null;
        centred = centred.Over(spread);
        return centred / centred.Squared().sum().sqrt();
    }
}
