using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>Stable rank: ‖H‖²_F / ‖H‖²₂ = Σσᵢ² / σ₁².</summary>
/// <remarks>
/// Range [1, min(n, d)], never above the rank, and deaf to small singular values. Not centred. No activity at all: 0.
/// A NaN or an infinity anywhere: NaN. Source: Rudelson and Vershynin, "Sampling from large matrices", J. ACM 2007 (there: numerical rank).
/// </remarks>
public static class StableRank
{
    /// <summary>The stable rank of a representation [n examples, d units] or of any other matrix.</summary>
    public static double Of(Tensor h) => Of(SingularValues.Of(h));

    /// <summary>The stable rank that belongs to these singular values; NaN for none.</summary>
    public static double Of(ReadOnlySpan<double> singularValues)
    {
        if (singularValues.IsEmpty)
            return double.NaN;
        double largest = 0, energy = 0;
        foreach (var sigma in singularValues)
            largest = Math.Max(largest, sigma);
        if (largest == 0)
            return 0;
        foreach (var sigma in singularValues)
            energy += sigma / largest * (sigma / largest);
        return energy;
    }
}
