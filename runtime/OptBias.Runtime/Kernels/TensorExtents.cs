namespace OptBias.Kernels;

/// <summary>Shapes of tensors that do not reach over all elements.</summary>
internal static class TensorExtents
{
    /// <summary>Rows and columns, the last two dimensions: a vector is one row, a number one row of one column.</summary>
    public static (long Rows, long Columns) LastDimensions(ReadOnlySpan<long> shape) =>
        (shape.Length >= 2 ? shape[^2] : 1, shape.Length >= 1 ? shape[^1] : 1);

    /// <summary>Whether rows and columns are those of the matrix [first dimension, all others].</summary>
    public static bool IsOfWholeMatrix(this TensorExtent extent) => extent is TensorExtent.MatrixRow or TensorExtent.MatrixColumn;

    /// <summary>How many numbers such a tensor has.</summary>
    public static long CountOf(ReadOnlySpan<long> parameter, TensorExtent extent)
    {
        var count = 1L;
        foreach (var size in ShapeOf(parameter, extent))
            count *= size;
        return count;
    }

    /// <summary>The shape of a tensor, such that it broadcasts to the parameter's.</summary>
    public static long[] ShapeOf(ReadOnlySpan<long> parameter, TensorExtent extent)
    {
        var shape = parameter.ToArray();
        if (extent == TensorExtent.MatrixRow)
            shape.AsSpan(shape.Length < 2 ? 0 : 1).Fill(1);
        if (extent == TensorExtent.MatrixColumn && shape.Length >= 2)
            shape[0] = 1;
        if (extent == TensorExtent.Row && shape.Length >= 1)
            shape[^1] = 1;
        if (extent == TensorExtent.Column && shape.Length >= 2)
            shape[^2] = 1;
        return shape;
    }
}
