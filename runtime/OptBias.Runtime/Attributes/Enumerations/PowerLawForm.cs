namespace OptBias;

/// <summary>How a <see cref="PowerLawAttribute"/> is carried out.</summary>
#if OPTBIAS_GENERATOR
internal
#else
public
#endif
enum PowerLawForm
{
    /// <summary>Everything below runs on φ, θ = φ|φ|^(α−1): the exact change of coordinates (Schwarz et al. 2021, arXiv 2110.00296).</summary>
    Reparameterization,

    /// <summary><c>u ← α² |θ|^(2 − 2/α) u</c> on θ: the linearised preconditioner that gradient flow on φ amounts to (Pascanu et al. 2025, arXiv 2507.12224).</summary>
    Preconditioner,
}
