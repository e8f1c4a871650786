using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>
/// The common frame of every metric: float64 on the CPU, outside autograd, nothing left behind in native memory,
/// NaN where the input holds a NaN or an infinity (a diverged run is a result, and torch's decompositions throw on one).
/// </summary>
internal static class Measure
{
    /// <summary>Measures one matrix [n examples, d units].</summary>
    /// <exception cref="ArgumentException">The tensor is not a matrix, or it is empty.</exception>
    public static double Matrix(Tensor h, Func<Tensor, double> metric)
    {
        RequireMatrix(h);
        return Any(h, metric);
    }

    /// <summary>Measures two matrices with the same n examples and possibly different numbers of units.</summary>
    /// <exception cref="ArgumentException">One of them is not a matrix, is empty, or they differ in examples.</exception>
    public static double Pair(Tensor a, Tensor b, Func<Tensor, Tensor, double> metric)
    {
        RequireMatrix(a);
        RequireMatrix(b);
        if (a.shape[0] != b.shape[0])
            throw new ArgumentException($"The two representations must be of the same examples, but one has {a.shape[0]} rows and the other {b.shape[0]}.");
        return Any(a, x => Any(b, y => metric(x, y)));
    }

    /// <summary>Measures a tensor of any shape that is not empty.</summary>
    /// <exception cref="ArgumentException">The tensor is empty.</exception>
    public static double Any(Tensor tensor, Func<Tensor, double> metric)
    {
        if (tensor.numel() == 0)
            throw new ArgumentException($"There is nothing to measure in a tensor of shape [{string.Join(", ", tensor.shape)}].");
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var x = tensor.detach().to(ScalarType.Float64, CPU);
        return IsFinite(x) ? metric(x) : double.NaN;
    }

    /// <summary>Throws unless the tensor is a matrix with at least one row and one column.</summary>
    public static void RequireMatrix(Tensor h)
    {
        if (h.dim() != 2 || h.numel() == 0)
            throw new ArgumentException($"Expected a matrix [examples, units] with at least one of each, got the shape [{string.Join(", ", h.shape)}].");
    }

    /// <summary>The numbers of a float64 tensor on the CPU, in row-major order.</summary>
    public static double[] Numbers(Tensor x)
    {
        using var contiguous = x.contiguous();
        return contiguous.data<double>().ToArray();
    }

    private static bool IsFinite(Tensor x) => isfinite(x).all().Truth();
}
