using static TorchSharp.torch;

namespace OptBias.Kernels;

/// <summary>
/// A contiguous parameter as rows, for passes that read tensors with a number for each row or column: rows of its last dimension, or of
/// its first where the pass reads nothing of the last two. A kernel sees one row at a time: the row's numbers come behind the scalars,
/// and a column's number lies where its element does.
/// </summary>
internal unsafe struct MatrixLayout
{
    private long rows;
    private long columns;

    /// <summary>Columns of the matrix [first dimension, all others]: a multiple of <see cref="columns"/>.</summary>
    private long wholeColumns;
    private bool isDouble;

    public static MatrixLayout Of(ReadOnlySpan<long> shape, TensorExtent[] extents, ScalarType arithmeticType)
    {
        var (rows, columns) = TensorExtents.LastDimensions(shape);
        var wholeColumns = TensorExtents.CountOf(shape, TensorExtent.MatrixColumn);
        if (!Array.Exists(extents, static extent => extent is TensorExtent.Row or TensorExtent.Column))
            (rows, columns) = (shape.Length >= 2 ? shape[0] : 1, wholeColumns);
        return new() { rows = rows, columns = columns, wholeColumns = wholeColumns, isDouble = arithmeticType == ScalarType.Float64 };
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
            var wholeRow = start / this.wholeColumns;
            var next = Math.Min(end, (row + 1) * this.columns);
            var rowNumbers = scalarCount;
            for (var k = 0; k < tensors; k++)
            {
                if (extents[k] is TensorExtent.Row or TensorExtent.MatrixRow)
                {
                    var place = extents[k] == TensorExtent.Row ? row : wholeRow;
                    s[rowNumbers++] = this.isDouble ? ((double*)addresses[k])[place] : ((float*)addresses[k])[place];
                }

                // Element i of the parameter lies in column i − row · columns of matrix row / rows.
                local[k] = extents[k] switch
                {
                    TensorExtent.Column => addresses[k] + (nint)(((row / this.rows) - row) * this.columns * size),
                    TensorExtent.MatrixColumn => addresses[k] - (nint)(wholeRow * this.wholeColumns * size),
                    _ => addresses[k],
                };
            }

            kernel(local, s, sums, start, next);
            start = next;
        }
    }
}
