namespace OptBias.Lab.Statistics;

/// <summary>Holm's step-down correction: p-values of a family such that rejecting those below α errs anywhere with probability at most α.</summary>
/// <remarks>Needs no independence and is never weaker than Bonferroni's. Source: Holm, Scandinavian Journal of Statistics 1979.</remarks>
public static class HolmCorrection
{
    /// <summary>The corrected p-values, in the order given: max over j ≤ i of min(1, (m − j + 1) p₍ⱼ₎). A NaN stays NaN and does not count in m.</summary>
    public static double[] Of(IReadOnlyList<double> pValues)
    {
        var order = Enumerable.Range(0, pValues.Count).Where(i => !double.IsNaN(pValues[i])).OrderBy(i => pValues[i]).ToArray();
        var corrected = Enumerable.Repeat(double.NaN, pValues.Count).ToArray();
        var largest = 0.0;
        for (var rank = 0; rank < order.Length; rank++)
        {
            if (pValues[order[rank]] is < 0 or > 1)
                throw new ArgumentOutOfRangeException(nameof(pValues), pValues[order[rank]], "A p-value lies in [0, 1].");
            largest = Math.Max(largest, Math.Min(1, (order.Length - rank) * pValues[order[rank]]));
            corrected[order[rank]] = largest;
        }

        return corrected;
    }
}
