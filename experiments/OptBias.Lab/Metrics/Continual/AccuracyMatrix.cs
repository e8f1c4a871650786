namespace OptBias.Lab.Metrics;

/// <summary>Checks of the matrix A[t, i]: accuracy on task i after training through task t, both from zero.</summary>
internal static class AccuracyMatrix
{
    /// <summary>Number of tasks; throws unless the matrix is square and not empty.</summary>
    public static int Tasks(double[,] accuracy)
    {
        var tasks = accuracy.GetLength(0);
        return tasks > 0 && tasks == accuracy.GetLength(1)
            ? tasks
            : throw new ArgumentException($"Expected a square accuracy matrix [tasks trained, task tested], got {tasks} x {accuracy.GetLength(1)}.");
    }
}
