namespace OptBias.Lab.Metrics;

/// <summary>Learning accuracy: meanᵢ A[i, i], on each task right after training on it.</summary>
/// <remarks>Range [0, 1]. A NaN on the diagonal: NaN. Source: Riemer et al., "Learning to learn without forgetting", ICLR 2019.</remarks>
public static class LearningAccuracy
{
    /// <summary>The learning accuracy of a matrix [tasks trained, task tested].</summary>
    public static double Of(double[,] accuracy) => Enumerable.Range(0, AccuracyMatrix.Tasks(accuracy)).Average(i => accuracy[i, i]);
}
