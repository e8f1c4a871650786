using static TorchSharp.torch;

namespace OptBias.Kernels;

/// <summary>
/// A contiguous parameter as rows of its last dimension, for passes that read tensors with a number for each row or column. A
/// kernel sees one row at a time: the row's numbers come behind the scalars, and a column's number lies where its element does.
/// </summary>
internal unsafe struct MatrixLayout
{
    private long rows;
    private long columns;
    private bool isDouble;

    public static MatrixLayout Of(ReadOnlySpan<long> shape, ScalarType arithmeticType)
    {
        var (rows, columns) = TensorExtents.LastDimensions(shape);
        return new() { rows = rows, columns = columns, isDouble = arithmeticType == ScalarType.Float64 };
    }

    /// <summary>Runs a kernel over a range of elements, row by row.</summary>
    public readonly void RunRows(
        delegate*<nint*, double*, double*, long, long, void> kernel, nint* addresses, TensorExtent* extents, int tensors,
        double* scalars, int scalarCount, double* sums, long start, long end)
    {
        var local = stackalloc nint[tensors];
        var s = stackalloc double[scalarCount + tensors];
        for (var k = 0; k < scalarCount; k++)
            s[k] = scalars[k];
        var size = this.isDouble ? sizeof(double) : sizeof(float);
        while (start < end)
        {
            var row = start / this.columns;
            var next = Math.Min(end, (row + 1) * this.columns);
            var rowNumbers = scalarCount;
            for (var k = 0; k < tensors; k++)
            {
                if (extents[k] == TensorExtent.Row)
                    s[rowNumbers++] = this.isDouble ? ((double*)addresses[k])[row] : ((float*)addresses[k])[row];

                // Element i of the parameter lies in column i − row · columns of matrix row / rows.
                local[k] = extents[k] == TensorExtent.Column ? addresses[k] + (nint)(((row / this.rows) - row) * this.columns * size) : addresses[k];
            }

            kernel(local, s, sums, start, next);
            start = next;
        }
    }
}
