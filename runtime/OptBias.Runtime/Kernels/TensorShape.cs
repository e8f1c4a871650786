using OptBias.LinearAlgebra;

namespace OptBias.Kernels;

/// <summary>What a parameter's shape says to formulas: as a matrix it is [first dimension, all others], a vector is one row.</summary>
public readonly struct TensorShape
{
    internal TensorShape(ReadOnlySpan<long> shape)
    {
        var (rows, columns) = NewtonSchulz.RowsAndColumns(shape);
        (this.Rows, this.Columns, this.Elements) = (rows, columns, (double)rows * columns);
    }

    /// <summary>Rows: the first dimension, 1 for a vector.</summary>
    public double Rows { get; }

    /// <summary>Columns: the product of the other dimensions.</summary>
    public double Columns { get; }

    /// <summary>Elements in all.</summary>
    public double Elements { get; }
}
