namespace OptBias;

/// <summary>
/// Steepest descent in a norm: <c>u ← argmax ⟨u, s⟩</c> over all s of norm at most 1 (a linear minimization oracle). The norm is the
/// geometry in which the step is the longest descent, and in which the solution of a separable problem has the largest margin.
/// </summary>
/// <remarks>
/// <para>
/// <see cref="Norm.Frobenius"/> <c>u / ‖u‖</c>; <see cref="Norm.Nuclear"/> <c>u₁ v₁ᵀ</c>, the top singular pair; <see cref="Norm.L1"/>
/// the sign of the largest element, zero elsewhere; <see cref="Norm.Rows"/> and <see cref="Norm.Columns"/> each row or column
/// over its length. <see cref="SignAttribute"/> is the largest absolute value of an element, and
/// <see cref="OrthogonalizeAttribute"/> the largest singular value. An update of zero stays zero, and so does a row or column of zeros.
/// </para>
/// <para>
/// A tensor of order 3 or more, such as a convolution kernel, is the matrix [first dimension, all others], a vector one row: its
/// Frobenius, nuclear and row norms are the same.
/// </para>
/// <para>
/// The top singular pair is followed by power iterations, <c>v ← uᵀ u v / ‖uᵀ u v‖</c>, from the vector of the step before,
/// which is state: one number for each column. The first one is exact, by an eigendecomposition. Then
/// <c>u ← (u v / ‖u v‖) vᵀ</c>.
/// </para>
/// <para>Source: Pethick et al. 2025 (arXiv 2502.07529); Bernstein and Newhouse 2024 (arXiv 2409.20325).</para>
/// </remarks>
/// <param name="norm">The norm.</param>
public sealed class SteepestAttribute(Norm norm) : StageAttribute
{
    /// <summary>The norm. Fixed at compile time.</summary>
    public Norm Norm { get; } = norm;

    /// <summary>Power iterations in a step. At least 1; 8 unless set. Only for <see cref="Norm.Nuclear"/>. Fixed at compile time.</summary>
    public int Steps { get; set; } = 8;
}
