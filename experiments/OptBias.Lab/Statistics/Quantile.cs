namespace OptBias.Lab.Statistics;

/// <summary>The quantile of a discrete distribution: the smallest value at which the weight reaches the level.</summary>
internal static class Quantile
{
    /// <summary>The quantile at <paramref name="level"/>; without weights all values weigh the same.</summary>
    public static double Of(double[] values, double[]? weights, double level)
    {
        var sorted = (double[])values.Clone();
        var sortedWeights = (double[]?)weights?.Clone();
        if (sortedWeights is null)
            Array.Sort(sorted);
        else
            Array.Sort(sorted, sortedWeights);

        // Rounding in the sum of the weights must not carry a level near one beyond the end.
        var slack = 1e-12;
        if (sortedWeights is null)
            return sorted[Math.Clamp((int)Math.Ceiling((level * sorted.Length) - slack) - 1, 0, sorted.Length - 1)];
        var reached = 0.0;
        for (var i = 0; i < sorted.Length; i++)
        {
            reached += sortedWeights[i];
            if (reached >= level - slack)
                return sorted[i];
        }

        return sorted[^1];
    }
}
