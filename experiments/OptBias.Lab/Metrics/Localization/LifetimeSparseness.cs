using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>
/// Lifetime sparseness: for a unit with rates r over n examples, (1 − (mean r)² / mean r²) / (1 − 1/n), averaged over the units.
/// High where each unit answers to few examples.
/// </summary>
/// <remarks>
/// Range [0, 1]: 0 for a unit that answers to all examples alike, 1 for one that answers to a single example. Rates are |h|,
/// so that activations below zero (GELU, tanh) count as activity. Silent units have no sparseness and are left out; see <see cref="DeadUnits"/>.
/// No activity at all, or one example: NaN. A NaN or an infinity anywhere: NaN.
/// Source: Rolls and Tovee, J. Neurophysiology 1995 (the ratio); Vinje and Gallant, Science 2000 (the normalisation).
/// </remarks>
public static class LifetimeSparseness
{
    /// <summary>The mean lifetime sparseness of a representation [n examples, d units].</summary>
    public static double Of(Tensor h) => Measure.Matrix(h, x => TrevesRolls.Along(x, 0));
}
