using OptBias.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>Cosine similarity between the mean representations of the classes: the heat map of the position paper.</summary>
/// <remarks>
/// Each entry in [−1, 1], for activity without negative values in [0, 1]; 1 on the diagonal. A class whose mean is zero: NaN in its row and column.
/// A NaN or an infinity anywhere: NaN everywhere. Source: Pascanu et al., arXiv 2507.12224.
/// </remarks>
public static class ClassMeanSimilarity
{
    /// <summary>The matrix over the classes that occur, in ascending order.</summary>
    /// <param name="h">Activity [n examples, d units].</param>
    /// <param name="labels">Classes [n], any integer dtype.</param>
    /// <exception cref="ArgumentException">Not a matrix, or labels that do not fit it.</exception>
    public static double[,] Of(Tensor h, Tensor labels)
    {
        ClassMeans.RequireLabels(h, labels);
        using var scope = NewDisposeScope();
        double[,]? matrix = null;
        var measured = Measure.Any(h, x =>
        {
            var (means, classes) = ClassMeans.Of(x, labels);
            var norm = means.Squared().sum([1], keepdim: true).sqrt();
            var unit = means / norm;
            var cosines = Measure.Numbers(unit.matmul(unit.t()).AtLeast(-1).AtMost(1));
            matrix = new double[classes.Length, classes.Length];
            Buffer.BlockCopy(cosines, 0, matrix, 0, cosines.Length * sizeof(double));
            return 0;
        });
        if (!double.IsNaN(measured))
            return matrix!;

        var count = ClassMeans.Of(zeros(h.shape[0], 1, dtype: ScalarType.Float64), labels).Classes.Length;
        var undefined = new double[count, count];
        undefined.AsFlatSpan().Fill(double.NaN);
        return undefined;
    }

    /// <summary>The mean of the entries off the diagonal that are defined; NaN where there are none.</summary>
    public static double MeanOffDiagonal(double[,] similarity)
    {
        var sum = 0.0;
        var count = 0;
        for (var i = 0; i < similarity.GetLength(0); i++)
        {
            for (var j = 0; j < similarity.GetLength(1); j++)
            {
                if (i == j || double.IsNaN(similarity[i, j]))
                    continue;
                sum += similarity[i, j];
                count++;
            }
        }

        return count == 0 ? double.NaN : sum / count;
    }

    private static Span<double> AsFlatSpan(this double[,] matrix) =>
        System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref System.Runtime.CompilerServices.Unsafe.As<byte, double>(
            ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(matrix)), matrix.Length);
}
