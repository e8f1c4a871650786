using OptBias.Kernels;
using OptBias.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>
/// The elements of norm balls that have the largest product with an update: what <see cref="SteepestAttribute"/> puts in its place.
/// </summary>
/// <remarks>
/// A tensor of order 3 or more is the matrix [first dimension, all others], a vector one row. Zeros stay zeros. Source: Pethick et
/// al. 2025 (arXiv 2502.07529).
/// </remarks>
public static class Steepest
{
    /// <summary>Writes the sign of the largest element in its place, and zeros elsewhere; of equal ones the first.</summary>
    /// <param name="input">u, of any order.</param>
    /// <param name="output">Where the result goes, of the same shape; may be <paramref name="input"/>.</param>
    public static void LargestElement(Tensor input, Tensor output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        if (input.NumberOfElements == 0)
            return;
        using var noGradient = AutogradOff.Enter();
        using var scope = NewDisposeScope();
        var flat = input.reshape(-1);
        var place = flat.abs().argmax().reshape(1);
        output.copy_(zeros_like(flat).scatter(0, place, flat.gather(0, place).sign()).reshape(input.shape));
    }

    /// <summary>Writes each row over its length.</summary>
    /// <inheritdoc cref="LargestElement"/>
    public static void Rows(Tensor input, Tensor output) => OverLengths(input, output, dimension: 1);

    /// <summary>Writes each column over its length.</summary>
    /// <inheritdoc cref="LargestElement"/>
    public static void Columns(Tensor input, Tensor output) => OverLengths(input, output, dimension: 0);

    private static void OverLengths(Tensor input, Tensor output, int dimension)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        if (input.NumberOfElements == 0)
            return;
        using var noGradient = AutogradOff.Enter();
        using var scope = NewDisposeScope();
        var (rows, columns) = NewtonSchulz.RowsAndColumns(input.shape);
        var matrix = input.reshape(rows, columns);
        var lengths = matrix.norm(dimension, keepdim: true);
        output.copy_((matrix / where(lengths.IsPositive(), lengths, ones_like(lengths))).reshape(input.shape));
    }
}
