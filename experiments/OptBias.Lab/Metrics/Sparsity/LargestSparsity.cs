namespace OptBias.Lab.Metrics;

/// <summary>The largest sparsity at which a pruned network is still within a tolerance of the dense one.</summary>
/// <remarks>
/// Followed from the dense end until the accuracy first falls below; a recovery further on does not count. Between the last
/// good point and the first bad one the crossing is interpolated, linear in accuracy and in the logarithm of the fraction kept.
/// Range [0, 1): 0 where the first step of pruning already costs more, 1 − kept of the last point where none does. A NaN on the way
/// ends it there; NaN at the dense end: NaN. Source: Schwarz et al., "Powerpropagation", NeurIPS 2021 (sparsity at a given loss of accuracy).
/// </remarks>
public static class LargestSparsity
{
    /// <summary>The largest sparsity within the tolerance.</summary>
    /// <param name="curve">The curve, in any order; its point with the most weights is taken as dense unless <paramref name="denseAccuracy"/> is given.</param>
    /// <param name="tolerance">Accuracy that may be lost: 0.01 is one percentage point.</param>
    /// <param name="denseAccuracy">Accuracy of the dense network.</param>
    public static double Of(IReadOnlyList<PruningPoint> curve, double tolerance = 0.01, double? denseAccuracy = null)
    {
        if (curve.Count == 0)
            throw new ArgumentException("A pruning curve needs at least one point.");
        var descending = curve.OrderByDescending(p => p.Kept).ToArray();
        var bar = (denseAccuracy ?? descending[0].Accuracy) - tolerance;
        if (double.IsNaN(bar))
            return double.NaN;

        // Accuracies are fractions of a test set: equality must survive the rounding of the subtraction.
        bar -= 1e-12;
        var good = descending[0];
        if (good.Accuracy < bar || double.IsNaN(good.Accuracy))
            return 0;
        foreach (var point in descending.Skip(1))
        {
            if (double.IsNaN(point.Accuracy))
                break;
            if (point.Accuracy < bar)
            {
                var share = (good.Accuracy - bar) / (good.Accuracy - point.Accuracy);
                return 1 - Math.Exp(Math.Log(good.Kept) + (share * (Math.Log(point.Kept) - Math.Log(good.Kept))));
            }

            good = point;
        }

        return 1 - good.Kept;
    }
}
