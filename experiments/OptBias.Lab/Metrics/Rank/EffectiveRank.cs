using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>
/// Effective rank: exp(−Σ pᵢ ln pᵢ) with pᵢ = σᵢ / Σσ, the exponential of the entropy of the normalised singular values.
/// </summary>
/// <remarks>
/// Range [1, min(n, d)]: r equal singular values give r. Not centred, as in the source. No activity at all: 0. One unit or one example: 1.
/// A NaN or an infinity anywhere: NaN. Source: Roy and Vetterli, "The effective rank", EUSIPCO 2007.
/// </remarks>
public static class EffectiveRank
{
    /// <summary>The effective rank of a representation [n examples, d units].</summary>
    public static double Of(Tensor h) => Of(SingularValues.Of(h));

    /// <summary>The effective rank that belongs to these singular values; NaN for none.</summary>
    public static double Of(ReadOnlySpan<double> singularValues)
    {
        if (singularValues.IsEmpty)
            return double.NaN;
        var sum = 0.0;
        foreach (var sigma in singularValues)
            sum += sigma;
        if (sum == 0)
            return 0;
        var entropy = 0.0;
        foreach (var sigma in singularValues)
        {
            var p = sigma / sum;
            if (p > 0)
                entropy -= p * Math.Log(p);
        }

        return Math.Exp(entropy);
    }
}
