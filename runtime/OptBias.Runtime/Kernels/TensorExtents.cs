namespace OptBias.Kernels;

/// <summary>Shapes of tensors that do not reach over all elements.</summary>
internal static class TensorExtents
{
    /// <summary>Rows and columns, the last two dimensions: a vector is one row, a number one row of one column.</summary>
    public static (long Rows, long Columns) LastDimensions(ReadOnlySpan<long> shape) =>
        (shape.Length >= 2 ? shape[^2] : 1, shape.Length >= 1 ? shape[^1] : 1);

    /// <summary>The shape of a tensor, such that it broadcasts to the parameter's.</summary>
    public static long[] ShapeOf(ReadOnlySpan<long> parameter, TensorExtent extent)
    {
        var shape = parameter.ToArray();
        if (extent == TensorExtent.Row && shape.Length >= 1)
            shape[^1] = 1;
        if (extent == TensorExtent.Column && shape.Length >= 2)
            shape[^2] = 1;
        return shape;
    }
}
