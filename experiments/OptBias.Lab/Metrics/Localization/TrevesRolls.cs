using OptBias.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>Treves and Rolls' sparseness along one direction of the activity, normalised to [0, 1].</summary>
internal static class TrevesRolls
{
    /// <summary>
    /// (1 − (mean |r|)² / mean r²) / (1 − 1/m) over the m entries along <paramref name="dimension"/>, averaged over the
    /// lines that have any activity; NaN where there is none or m = 1.
    /// </summary>
    public static double Along(Tensor x, int dimension)
    {
        var m = x.shape[dimension];
        if (m == 1)
            return double.NaN;
        var largest = x.abs().max().Number();
        if (largest == 0)
            return double.NaN;
        var rate = x.abs().Over(largest);
        var square = rate.Squared().mean([dimension]);
        var live = square.IsAbove(0);
        var mean = rate.mean([dimension]).masked_select(live);
        var sparseness = (mean.Squared() / square.masked_select(live)).SubtractedFrom(1).Over(1 - (1.0 / m));
        return sparseness.AtLeast(0).AtMost(1).mean().Number();
    }
}
