using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>
/// Population sparseness: for an example with rates r over d units, (1 − (mean r)² / mean r²) / (1 − 1/d), averaged over the examples.
/// High where few units carry each example.
/// </summary>
/// <remarks>
/// Range [0, 1]: 0 where all units are equally active, 1 where one unit is. Rates are |h|. Examples that excite no unit are left out.
/// No activity at all, or one unit: NaN. A NaN or an infinity anywhere: NaN.
/// Source: Treves and Rolls, Network 1991 (the ratio); Vinje and Gallant, Science 2000 (the normalisation).
/// </remarks>
public static class PopulationSparseness
{
    /// <summary>The mean population sparseness of a representation [n examples, d units].</summary>
    public static double Of(Tensor h) => Measure.Matrix(h, x => TrevesRolls.Along(x, 1));
}
