namespace OptBias;

/// <summary>How an inverse root of a Kronecker factor is computed.</summary>
#if OPTBIAS_GENERATOR
internal
#else
public
#endif
enum RootMethod
{
    /// <summary>Eigendecomposition in float64, <c>Q λ^(−p) Qᵀ</c>: accurate for any condition and any exponent.</summary>
    Eigen,

    /// <summary>
    /// Coupled Newton iteration: matrix products only, for exponents 1/r with a whole r
    /// (Guo and Higham 2006; in Shampoo Anil et al. 2020, arXiv 2002.09018).
    /// </summary>
    CoupledNewton,
}
