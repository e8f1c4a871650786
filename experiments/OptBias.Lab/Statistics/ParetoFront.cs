namespace OptBias.Lab.Statistics;

/// <summary>The undominated points: those that no other is at least as good as in everything and better in something.</summary>
public static class ParetoFront
{
    /// <summary>Which points are undominated. A point with a NaN is dominated by definition.</summary>
    /// <param name="points">[point][objective].</param>
    /// <param name="higherIsBetter">For each objective, whether larger is better.</param>
    public static bool[] Of(IReadOnlyList<IReadOnlyList<double>> points, IReadOnlyList<bool> higherIsBetter)
    {
        foreach (var point in points)
        {
            if (point.Count != higherIsBetter.Count)
                throw new ArgumentException($"A point has {point.Count} values for {higherIsBetter.Count} objectives.");
        }

        return [.. points.Select(p => !p.Any(double.IsNaN) && !points.Any(q => Dominates(q, p, higherIsBetter)))];
    }

    private static bool Dominates(IReadOnlyList<double> q, IReadOnlyList<double> p, IReadOnlyList<bool> higherIsBetter)
    {
        var better = false;
        for (var k = 0; k < p.Count; k++)
        {
            if (double.IsNaN(q[k]))
                return false;
            var gain = higherIsBetter[k] ? q[k] - p[k] : p[k] - q[k];
            if (gain < 0)
                return false;
            better |= gain > 0;
        }

        return better;
    }
}
