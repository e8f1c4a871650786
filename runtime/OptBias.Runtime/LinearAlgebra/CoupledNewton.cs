using OptBias.Kernels;
using OptBias.Routes;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>
/// The coupled Newton iteration for <c>A^(−1/r)</c>: <c>z = (r + 1) / (2‖A‖)</c>, <c>X = z^(1/r) I</c>, <c>M = z A</c>; repeat
/// <c>T = (1 + 1/r) I − M/r</c>, <c>X ← X T</c>, <c>M ← Tʳ M</c> until <c>max|M − I| &lt; 1e-6</c>.
/// </summary>
/// <remarks>Source: Guo and Higham 2006, as used by Anil et al. 2020 (arXiv 2002.09018).</remarks>
internal static class CoupledNewton
{
    private const int MaxIterations = 100;
    private const double Tolerance = 1e-6;

    /// <summary>The r of an exponent 1/r.</summary>
    /// <exception cref="ArgumentException">The exponent is not 1/r with a whole r.</exception>
    public static int RootOf(double exponent)
    {
        var root = Math.Round(1 / exponent);
        if (root < 1 || Math.Abs(1 / exponent - root) > 1e-9 * root)
            throw new ArgumentException($"The coupled Newton iteration computes A^(-1/r) with a whole r; the exponent {exponent:R} is not 1/r. Use RootMethod.Eigen.", nameof(exponent));
        return (int)root;
    }

    /// <summary><c>(s A + ε I)^(−1/r)</c> in the dtype of A; a float32 iteration that does not converge is repeated in float64.</summary>
    /// <exception cref="ArithmeticException">It did not converge in float64 either.</exception>
    public static Tensor Compute(Tensor matrix, double exponent, double epsilon, double scale)
    {
        var root = RootOf(exponent);
        if (matrix.dtype != ScalarType.Float64 && Iterate(matrix, matrix.dtype, root, epsilon, scale) is { } fast)
            return fast;

        using var result = Iterate(matrix, ScalarType.Float64, root, epsilon, scale)
            ?? throw new ArithmeticException($"The coupled Newton iteration did not converge in {MaxIterations} steps; the matrix may be singular to working accuracy: raise epsilon, or use RootMethod.Eigen.");
        return result.to(matrix.dtype, copy: true);
    }

    /// <summary>Null if it does not converge.</summary>
    private static Tensor? Iterate(Tensor matrix, ScalarType dtype, int root, double epsilon, double scale)
    {
        using var scope = NewDisposeScope();
        var identity = eye(matrix.shape[0], matrix.shape[0], dtype, matrix.device);
        var m = matrix.to(dtype, copy: true).Times_(scale).Plus_(identity, epsilon);
        var norm = Numbers.Read(m.norm());
        if (!(norm > 0 && double.IsFinite(norm)))
            return null;
        var z = (root + 1) / (2 * norm);
        m.Times_(z);
        var x = identity.Times(Math.Pow(z, 1.0 / root));
        for (var i = 0; i < MaxIterations; i++)
        {
            var error = Step(ref x, ref m, identity, root);
            if (!double.IsFinite(error))
                return null;
            if (error < Tolerance)
                return x.MoveToOuterDisposeScope();
        }

        return null;
    }

    /// <summary>One iteration; returns <c>max|M − I|</c>.</summary>
    private static double Step(ref Tensor x, ref Tensor m, Tensor identity, int root)
    {
        Tensor nextX;
        Tensor nextM;
        double error;
        using (NewDisposeScope())
        {
            var t = m.Times(-1.0 / root).Plus_(identity, 1 + (1.0 / root));
            nextX = Products.Multiply(x, t).MoveToOuterDisposeScope();
            nextM = Products.Multiply(Power(t, root), m).MoveToOuterDisposeScope();
            error = Numbers.Read((nextM - identity).abs_().max());
        }

        x.Dispose();
        m.Dispose();
        x = nextX;
        m = nextM;
        return error;
    }

    private static Tensor Power(Tensor t, int exponent) => exponent switch
    {
        1 => t,
        _ when exponent % 2 == 0 => Power(Products.Multiply(t, t), exponent / 2),
        _ => Products.Multiply(t, Power(t, exponent - 1)),
    };
}
