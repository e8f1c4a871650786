namespace OptBias;

/// <summary>What the factors of a <see cref="KroneckerAttribute"/> estimate.</summary>
#if OPTBIAS_GENERATOR
internal
#else
public
#endif
enum KroneckerStatistic
{
    /// <summary><c>G₍ₖ₎ G₍ₖ₎ᵀ</c>, inverse root 1/(2o): Gupta, Koren and Singer 2018.</summary>
    Shampoo,

    /// <summary>
    /// The Kronecker-factored covariance that is nearest in Kullback-Leibler divergence: each factor sees the gradient
    /// whitened by the others, inverse root 1/2. KL-Shampoo (arXiv 2509.03378).
    /// </summary>
    KullbackLeibler,
}
