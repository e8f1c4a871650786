namespace OptBias.Lab.Metrics;

/// <summary>Average accuracy: meanᵢ A[T, i], over all tasks after training on the last.</summary>
/// <remarks>Range [0, 1]. A NaN in the last row: NaN. Source: Lopez-Paz and Ranzato, "Gradient episodic memory", NeurIPS 2017, equation 2.</remarks>
public static class AverageAccuracy
{
    /// <summary>The average accuracy of a matrix [tasks trained, task tested].</summary>
    public static double Of(double[,] accuracy)
    {
        var tasks = AccuracyMatrix.Tasks(accuracy);
        return Enumerable.Range(0, tasks).Average(i => accuracy[tasks - 1, i]);
    }
}
