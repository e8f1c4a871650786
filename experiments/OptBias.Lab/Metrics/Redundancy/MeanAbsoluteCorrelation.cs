using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>Mean of |Pearson correlation| over all pairs of units that vary.</summary>
/// <remarks>
/// Range [0, 1]: 1 where all units say the same up to sign and scale. Independent units give about √(2 / (π n)), not 0:
/// compare only at equal n. Fewer than two varying units, or one example: NaN. A NaN or an infinity anywhere: NaN.
/// Source: Cogswell et al., "Reducing overfitting in deep networks by decorrelating representations", ICLR 2016 (there: covariance).
/// </remarks>
public static class MeanAbsoluteCorrelation
{
    /// <summary>The mean absolute correlation between the units of a representation [n examples, d units].</summary>
    public static double Of(Tensor h) => Measure.Matrix(h, x =>
    {
        var z = Standardized.Of(x);
        var d = z.shape[1];
        if (d < 2)
            return double.NaN;
        var correlation = z.t().matmul(z).abs();
        return Math.Clamp((correlation.sum().Number() - correlation.trace().Number()) / (d * (d - 1.0)), 0, 1);
    });
}
