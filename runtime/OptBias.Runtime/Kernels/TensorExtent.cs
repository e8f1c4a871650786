namespace OptBias.Kernels;

/// <summary>Whether a tensor of a plan holds one value per element, per row or per column. A vector is one row.</summary>
public enum TensorExtent
{
    /// <summary>Each element of the parameter.</summary>
    Element,

    /// <summary>Each row of the last two dimensions: shape [..., rows, 1].</summary>
    Row,

    /// <summary>Each column of the last two dimensions: shape [..., 1, columns].</summary>
    Column,

    /// <summary>Each row of the parameter as a matrix [first dimension, all others]: shape [rows, 1, ...]; a vector is one row, [1].</summary>
    MatrixRow,

    /// <summary>Each column of that matrix: shape [1, ...].</summary>
    MatrixColumn,
}
