namespace OptBias.Lab.Metrics;

/// <summary>Forgetting: mean over i &lt; T of (max over t &lt; T of A[t, i] − A[T, i]), from each task's best to its end.</summary>
/// <remarks>
/// Range [−1, 1]; below zero where later tasks helped. Entries above the diagonal may be NaN (not measured); a NaN on the
/// diagonal or in the last row: NaN. One task: NaN, as there is nothing to forget.
/// Source: Chaudhry et al., "Riemannian walk for incremental learning", ECCV 2018.
/// </remarks>
public static class Forgetting
{
    /// <summary>The forgetting of a matrix [tasks trained, task tested].</summary>
    public static double Of(double[,] accuracy)
    {
        var last = AccuracyMatrix.Tasks(accuracy) - 1;
        if (last == 0)
            return double.NaN;
        var sum = 0.0;
        for (var i = 0; i < last; i++)
        {
            var best = accuracy[i, i];
            for (var t = 0; t < last && !double.IsNaN(best); t++)
            {
                if (t < i && double.IsNaN(accuracy[t, i]))
                    continue;
                best = Math.Max(best, accuracy[t, i]);
            }

            sum += best - accuracy[last, i];
        }

        return sum / last;
    }
}
