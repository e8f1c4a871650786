using OptBias.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>Jaccard overlap of the units that are active for two tasks: |A ∩ B| / |A ∪ B|.</summary>
/// <remarks>
/// A unit is active for a task when its mean |h| over the task's examples is at least half of the layer's mean: a measure without
/// a scale, under which all units of an even code are active and only the carriers of a local one.
/// Range [0, 1]. No activity in either task: NaN. A NaN or an infinity anywhere: NaN.
/// Source: French, "Using semi-distributed representations to overcome catastrophic forgetting", 1991 (overlap of active units); Jaccard 1912.
/// </remarks>
public static class ActiveUnitOverlap
{
    /// <summary>The overlap of two tasks' active units.</summary>
    /// <param name="first">Activity of the first task's examples [n, d units].</param>
    /// <param name="second">Activity of the second task's examples [m, d units], the same units.</param>
    /// <param name="threshold">Fraction of the layer's mean activity from which on a unit is active.</param>
    /// <exception cref="ArgumentException">Not matrices with the same number of units.</exception>
    public static double Of(Tensor first, Tensor second, double threshold = 0.5)
    {
        Measure.RequireMatrix(first);
        Measure.RequireMatrix(second);
        if (first.shape[1] != second.shape[1])
            throw new ArgumentException($"The two tasks must be seen by the same units, but one has {first.shape[1]} and the other {second.shape[1]}.");
        return Measure.Any(first, x => Measure.Any(second, y =>
        {
            var (a, b) = (Active(x, threshold), Active(y, threshold));
            var union = a.logical_or(b).sum().Count();
            return union == 0 ? double.NaN : a.logical_and(b).sum().Count() / (double)union;
        }));
    }

    private static Tensor Active(Tensor x, double threshold)
    {
        var activity = x.abs().mean([0]);
        return activity.ge(activity.mean().Times(threshold)).logical_and(activity.IsAbove(0));
    }
}
