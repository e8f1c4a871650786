using OptBias.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>
/// Class selectivity index: for a unit, (μ_max − μ_rest) / (μ_max + μ_rest) with μ_max its largest mean activity over the
/// classes and μ_rest the mean of its means over the other classes; averaged over the units.
/// </summary>
/// <remarks>
/// Range [0, 1]: 0 where every class excites the unit alike, 1 where only one does. Activity is |h|. Silent units are left out.
/// No activity at all, or fewer than two classes: NaN. A NaN or an infinity anywhere: NaN.
/// Source: Morcos et al., "On the importance of single directions for generalization", ICLR 2018.
/// </remarks>
public static class ClassSelectivity
{
    /// <summary>The mean class selectivity of a representation.</summary>
    /// <param name="h">Activity [n examples, d units].</param>
    /// <param name="labels">Classes [n], any integer dtype.</param>
    /// <exception cref="ArgumentException">Not a matrix, or labels that do not fit it.</exception>
    public static double Of(Tensor h, Tensor labels)
    {
        ClassMeans.RequireLabels(h, labels);
        return Measure.Any(h, x =>
        {
            var (means, classes) = ClassMeans.Of(x.abs(), labels);
            if (classes.Length < 2)
                return double.NaN;
            var largest = means.amax([0]);
            var live = largest.IsAbove(0);
            if (!live.any().Truth())
                return double.NaN;
            var rest = (means.sum([0]) - largest).Over(classes.Length - 1);
            return ((largest - rest) / largest.Plus(rest)).masked_select(live).mean().Number();
        });
    }
}
