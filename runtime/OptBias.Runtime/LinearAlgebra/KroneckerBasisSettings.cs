namespace OptBias.LinearAlgebra;

/// <summary>What a declaration fixes about a Kronecker eigenbasis at compile time.</summary>
public sealed record KroneckerBasisSettings
{
    /// <summary>How factors are accumulated.</summary>
    public Accumulation Accumulation { get; init; }

    /// <summary>How the basis follows the factors.</summary>
    public BasisRefresh Refresh { get; init; }

    /// <summary>Larger dimensions are not rotated. At least 1.</summary>
    public int MaxDimension { get; init; } = 10000;

    /// <summary>Merges neighbouring dimensions from the right while their product is at most <see cref="MaxDimension"/>, but never below a matrix.</summary>
    public bool MergeDimensions { get; init; }
}
