namespace OptBias.Lab.Probes.Certified;

/// <summary>The norms of a matrix that the probes know: each is a geometry in which a rule may descend and in which a margin is measured.</summary>
public enum Geometry
{
    /// <summary>The largest singular value.</summary>
    Spectral,

    /// <summary>The root of the sum of squares; L2 of a vector.</summary>
    Frobenius,

    /// <summary>The largest absolute element; L∞ of a vector.</summary>
    Max,

    /// <summary>The sum of the singular values.</summary>
    Nuclear,

    /// <summary>The sum of the absolute elements.</summary>
    L1,

    /// <summary>The length of the longest row.</summary>
    Rows,

    /// <summary>The length of the longest column.</summary>
    Columns,
}
