namespace OptBias;

/// <summary>
/// Replaces the update by a nearby matrix with singular values near 1: <c>X = u / (‖u‖ + 1e-7)</c>, then a few steps of
/// Newton-Schulz, <c>X ← a X + (b A + c A²) X</c> with <c>A = X Xᵀ</c>.
/// </summary>
/// <remarks>
/// <para>
/// A tensor of order 3 or more, such as a convolution kernel, is the matrix [first dimension, all others]; if it has more
/// rows than columns its transpose is iterated. A vector is a matrix of one row: it is normalised.
/// </para>
/// <para>Source: Jordan et al. 2024, Muon; Bernstein and Newhouse 2024 (arXiv 2409.20325).</para>
/// </remarks>
public sealed class OrthogonalizeAttribute : StageAttribute
{
    /// <summary>Steps of the iteration. At least 1; 5 unless set. Fixed at compile time.</summary>
    public int Steps { get; set; } = 5;

    /// <summary>Which polynomial is iterated. <see cref="NewtonSchulzCoefficients.Muon"/> unless set.</summary>
    public NewtonSchulzCoefficients Coefficients { get; set; }
}
