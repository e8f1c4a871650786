using OptBias.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>Hoyer's sparsity: (√n − ‖w‖₁ / ‖w‖₂) / (√n − 1).</summary>
/// <remarks>
/// Range [0, 1]: 0 where all entries have the same magnitude, 1 where only one is not zero. All zeros: 0 (all magnitudes are the same).
/// One entry: 0. A NaN or an infinity anywhere: NaN.
/// Source: Hoyer, "Non-negative matrix factorization with sparseness constraints", JMLR 2004, section 3.1.
/// </remarks>
public static class Hoyer
{
    /// <summary>Hoyer's sparsity of all entries of a tensor taken as one vector, such as a weight matrix.</summary>
    public static double Of(Tensor weights) => Measure.Any(weights, x => Of(Measure.Numbers(x)));

    /// <summary>Hoyer's sparsity of a vector.</summary>
    /// <exception cref="ArgumentException">The vector is empty.</exception>
    public static double Of(ReadOnlySpan<double> vector)
    {
        if (vector.IsEmpty)
            throw new ArgumentException("There is nothing to measure in an empty vector.");
        double largest = 0, sum = 0, squares = 0;
        foreach (var value in vector)
        {
            if (!double.IsFinite(value))
                return double.NaN;
            largest = Math.Max(largest, Math.Abs(value));
        }

        if (largest == 0)
            return 0;
        foreach (var value in vector)
        {
            sum += Math.Abs(value) / largest;
            squares += value / largest * (value / largest);
        }

        return From(vector.Length, sum, squares);
    }

    /// <summary>The mean over the rows of a representation [n examples, d units]: how local the code of one example is. Silent rows count as 0.</summary>
    public static double OfRows(Tensor h) => Measure.Matrix(h, x =>
    {
        var d = x.shape[1];
        if (d == 1)
            return 0;
        var norm = x.Squared().sum([1]).sqrt();
        var silent = norm.Is(0);
        var ratio = x.abs().sum([1]) / where(silent, ones_like(norm), norm);
        var sparsity = ratio.SubtractedFrom(Math.Sqrt(d)).Over(Math.Sqrt(d) - 1);
        return where(silent, zeros_like(norm), sparsity).AtLeast(0).AtMost(1).mean().Number();
    });

    private static double From(long n, double sum, double squares) =>
        n == 1 ? 0 : Math.Clamp((Math.Sqrt(n) - (sum / Math.Sqrt(squares))) / (Math.Sqrt(n) - 1), 0, 1);
}
