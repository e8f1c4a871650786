namespace OptBias;

/// <summary>
/// Powerpropagation: everything below runs on φ with <c>θ = φ|φ|^(α−1)</c>. A coordinate change: it stands first.
/// </summary>
/// <param name="alpha">Default of the hyperparameter <c>alpha</c>, α, in [1, ∞). 1 is the identity.</param>
/// <remarks>Source: Schwarz et al. 2021 (arXiv 2110.00296); as a preconditioner Pascanu et al. 2025 (arXiv 2507.12224).</remarks>
public sealed class PowerLawAttribute(double alpha) : StageAttribute
{
    /// <summary>Default of <c>alpha</c>.</summary>
    public double Alpha { get; } = alpha;

    /// <summary>Exact change of coordinates, or its linearisation on θ. <see cref="PowerLawForm.Reparameterization"/> unless set.</summary>
    public PowerLawForm Form { get; set; }
}
