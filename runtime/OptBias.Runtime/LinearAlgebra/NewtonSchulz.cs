using OptBias.Kernels;
using OptBias.Native;
using OptBias.Routes;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>Newton-Schulz orthogonalisation: <c>X = u / (‖u‖ + 1e-7)</c>, then <c>X ← a X + (b A + c A²) X</c>, <c>A = X Xᵀ</c>.</summary>
/// <remarks>
/// <para>
/// A tensor of order 3 or more is the matrix [first dimension, all others], a vector one row. With more rows than columns
/// the transpose is iterated, so that A is the smaller Gram matrix. Arithmetic in float64 for float64, else in float32.
/// </para>
/// <para>Source: Jordan et al. 2024, Muon.</para>
/// </remarks>
public static class NewtonSchulz
{
    /// <summary>What is added to a norm.</summary>
    internal const double Tiny = 1e-7;

    /// <summary>Writes the orthogonalised input.</summary>
    /// <param name="input">u, of any order.</param>
    /// <param name="output">Where the result goes, of the same shape; may be <paramref name="input"/>.</param>
    /// <param name="steps">Number of iterations, at least 1.</param>
    /// <param name="coefficients">Which polynomial.</param>
    /// <param name="work">Where it is done together with other matrices; null does it now.</param>
    public static void Orthogonalize(Tensor input, Tensor output, int steps = 5, NewtonSchulzCoefficients coefficients = NewtonSchulzCoefficients.Muon, MatrixWork? work = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        var elements = input.NumberOfElements;
        if (elements == 0)
            return;
        if (output.NumberOfElements != elements || output.device_type != input.device_type)
            Arguments.Require(output, elements, input.device, "Orthogonalization");
        var rows = input.dim() < 2 ? 1 : input.size(0);
        MatrixWork.Add(work, new Orthogonalization(input, output, rows, elements / rows, steps, coefficients));
    }

    /// <summary>Rows and columns of the matrix that a parameter of this shape is to the orthogonalisation.</summary>
    public static (long Rows, long Columns) RowsAndColumns(ReadOnlySpan<long> shape)
    {
        var elements = 1L;
        foreach (var size in shape)
            elements *= size;
        return shape.Length < 2 ? (1, elements) : (shape[0], shape[0] == 0 ? 0 : elements / shape[0]);
    }

    /// <summary>Muon's scale <c>√max(1, rows / columns)</c> of a parameter of this shape; 1 for a vector.</summary>
    public static double ScaleByShape(ReadOnlySpan<long> shape)
    {
        var (rows, columns) = RowsAndColumns(shape);
        return rows == 0 || columns == 0 ? 1 : Math.Sqrt(Math.Max(1, (double)rows / columns));
    }

    /// <summary>a, b and c.</summary>
    internal static (double A, double B, double C) Polynomial(NewtonSchulzCoefficients coefficients) => coefficients switch
    {
        NewtonSchulzCoefficients.Muon => (3.4445, -4.7750, 2.0315),
        NewtonSchulzCoefficients.Convergent => (3, -16.0 / 5, 6.0 / 5),
        _ => throw new ArgumentOutOfRangeException(nameof(coefficients), coefficients, "Unknown Newton-Schulz coefficients."),
    };
}
