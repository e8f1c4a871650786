using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>
/// Gini index of the magnitudes: Σₖ (2k − n − 1) |w|₍ₖ₎ / (n Σ|w|), the magnitudes in ascending order, k = 1 ... n.
/// </summary>
/// <remarks>
/// Range [0, 1 − 1/n]: 0 where all magnitudes are the same, 1 − 1/n where only one is not zero. All zeros: 0. One entry: 0.
/// A NaN or an infinity anywhere: NaN. Source: Hurley and Rickard, "Comparing measures of sparsity", IEEE Trans. Inf. Theory 2009, table I.
/// </remarks>
public static class Gini
{
    /// <summary>The Gini index of all entries of a tensor taken as one vector.</summary>
    public static double Of(Tensor weights) => Measure.Any(weights, x => Of(Measure.Numbers(x)));

    /// <summary>The Gini index of a vector.</summary>
    /// <exception cref="ArgumentException">The vector is empty.</exception>
    public static double Of(ReadOnlySpan<double> vector)
    {
        if (vector.IsEmpty)
            throw new ArgumentException("There is nothing to measure in an empty vector.");
        var sorted = new double[vector.Length];
        for (var i = 0; i < sorted.Length; i++)
        {
            if (!double.IsFinite(vector[i]))
                return double.NaN;
            sorted[i] = Math.Abs(vector[i]);
        }

        Array.Sort(sorted);
        double total = 0, weighted = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            total += sorted[i];
            weighted += sorted[i] * ((2.0 * (i + 1)) - sorted.Length - 1);
        }

        return total == 0 ? 0 : Math.Max(0, weighted / (sorted.Length * total));
    }
}
