namespace OptBias.Lab.Metrics;

/// <summary>Backward transfer: mean over i &lt; T of (A[T, i] − A[i, i]), what later tasks did to earlier ones.</summary>
/// <remarks>
/// Range [−1, 1]; below zero where tasks were forgotten. A NaN on the diagonal or in the last row: NaN. One task: NaN.
/// Source: Lopez-Paz and Ranzato, "Gradient episodic memory", NeurIPS 2017, equation 3.
/// </remarks>
public static class BackwardTransfer
{
    /// <summary>The backward transfer of a matrix [tasks trained, task tested].</summary>
    public static double Of(double[,] accuracy)
    {
        var last = AccuracyMatrix.Tasks(accuracy) - 1;
        return last == 0 ? double.NaN : Enumerable.Range(0, last).Average(i => accuracy[last, i] - accuracy[i, i]);
    }
}
