namespace OptBias;

/// <summary>
/// Muon's scale: <c>u ← u · √max(1, rows / columns)</c>, with rows and columns of the matrix that an
/// <see cref="OrthogonalizeAttribute"/> works on: first dimension and product of the others. 1 for a vector.
/// </summary>
/// <remarks>Source: Jordan et al. 2024, Muon.</remarks>
public sealed class ScaleByShapeAttribute : StageAttribute;
