using OptBias.Kernels;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>Sums of each row or column of a parameter as the matrix [first dimension, all others]; a vector is one row.</summary>
public static class AxisSums
{
    /// <summary>The sum of each row.</summary>
    /// <param name="input">Shaped as the parameter.</param>
    /// <param name="output">Receives them: shape [rows, 1, ...].</param>
    public static void EachRow(Tensor input, Tensor output) => Sum(input, output, 1);

    /// <summary>The sum of each column.</summary>
    /// <param name="input">Shaped as the parameter.</param>
    /// <param name="output">Receives them: shape [1, ...].</param>
    public static void EachColumn(Tensor input, Tensor output) => Sum(input, output, 0);

    private static void Sum(Tensor input, Tensor output, long axis)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        if (input.NumberOfElements == 0)
        {
            output.zero_();
            return;
        }

        var (rows, columns) = NewtonSchulz.RowsAndColumns(input.shape);
        using var matrix = input.reshape(rows, columns);
        using var sums = matrix.sum(axis);
        using var shaped = sums.reshape(output.shape);
        output.copy_(shaped);
    }
}
