namespace OptBias;

/// <summary>The quintic <c>X ← a X + (b A + c A²) X</c>, <c>A = X Xᵀ</c>, that an <see cref="OrthogonalizeAttribute"/> iterates.</summary>
#if OPTBIAS_GENERATOR
internal
#else
public
#endif
enum NewtonSchulzCoefficients
{
    /// <summary>(3.4445, −4.7750, 2.0315): steep at zero, does not converge to 1; after 5 steps singular values lie between about 0.7 and 1.3 (Jordan et al. 2024).</summary>
    Muon,

    /// <summary>(3, −16/5, 6/5): converges to 1, slower from small singular values.</summary>
    Convergent,
}
