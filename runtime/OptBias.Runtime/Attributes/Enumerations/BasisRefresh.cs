namespace OptBias;

/// <summary>How a <see cref="KroneckerBasisAttribute"/> follows its factors.</summary>
#if OPTBIAS_GENERATOR
internal
#else
public
#endif
enum BasisRefresh
{
    /// <summary>One step of orthogonal iteration, <c>Q ← qr(A Q)</c>, from the basis before: cheap, and what SOAP does (Vyas et al. 2024, arXiv 2409.11321).</summary>
    Qr,

    /// <summary>A new eigendecomposition.</summary>
    Eigen,
}
