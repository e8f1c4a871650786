using OptBias.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>Fraction of units that are dead: never active beyond a millionth of the layer's largest activity.</summary>
/// <remarks>
/// Range [0, 1]. To be read beside every rank: a low rank may be a representation that collapsed. The tolerance lets the
/// tails of GELU count as silence. No activity at all: 1. A NaN or an infinity anywhere: NaN.
/// Source: Lu et al., "Dying ReLU and initialization", arXiv 1903.06733.
/// </remarks>
public static class DeadUnits
{
    /// <summary>Activity below this fraction of the layer's largest is silence.</summary>
    public const double Tolerance = 1e-6;

    /// <summary>The fraction of dead units in a representation [n examples, d units].</summary>
    public static double Of(Tensor h) => Measure.Matrix(h, x =>
    {
        var peak = x.abs().amax([0]);
        return peak.le(peak.max().Times(Tolerance)).to(ScalarType.Float64).mean().Number();
    });
}
