namespace OptBias.Kernels;

/// <summary>Shapes of tensors that do not reach over all elements.</summary>
internal static class TensorExtents
{
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
