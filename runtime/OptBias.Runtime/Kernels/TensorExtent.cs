namespace OptBias.Kernels;

/// <summary>Whether a tensor of a plan holds one value per element, per row or per column. Rows and columns are the last two dimensions of the parameter; a vector is one row.</summary>
public enum TensorExtent
{
    /// <summary>Each element of the parameter.</summary>
    Element,

    /// <summary>Each row of the last two dimensions: shape [..., rows, 1].</summary>
    Row,

    /// <summary>Each column of the last two dimensions: shape [..., 1, columns].</summary>
    Column,
}
