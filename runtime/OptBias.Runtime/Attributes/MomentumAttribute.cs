namespace OptBias;

/// <summary>
/// Exponential moving average of the update signal: <c>m ← β₁ m + (1 − β₁) u</c>, then <c>u ← m / (1 − β₁ᵗ)</c>.
/// </summary>
/// <param name="beta">Default of the hyperparameter <c>beta1</c>, in [0, 1).</param>
/// <remarks>Source: Kingma and Ba 2015 (arXiv 1412.6980), algorithm 1.</remarks>
public sealed class MomentumAttribute(double beta) : StageAttribute
{
    /// <summary>Default of <c>beta1</c>.</summary>
    public double Beta { get; } = beta;

    /// <summary>
    /// Looks one step ahead: <c>u ← β₁ m + (1 − β₁) u</c>; with bias correction
    /// <c>u ← β₁ m / (1 − β₁ᵗ⁺¹) + (1 − β₁) u / (1 − β₁ᵗ)</c> (Dozat 2016).
    /// </summary>
    public bool Nesterov { get; set; }

    /// <summary>
    /// If set, the mix that is used differs from the one that is stored: <c>u ← ι m + (1 − ι) u</c> from the old m, then
    /// <c>m ← β₁ m + (1 − β₁) g</c> (Lion, Chen et al. 2023, arXiv 2302.06675). The value is the default of the
    /// hyperparameter <c>interpolation</c>, in [0, 1]; with bias correction, which divides by <c>1 − ι β₁ᵗ⁻¹</c>, in [0, 1).
    /// </summary>
    public double Interpolation { get; set; } = double.NaN;

    /// <summary>Divides by <c>1 − β₁ᵗ</c>, the weight that the average has gathered. True unless set.</summary>
    public bool BiasCorrection { get; set; } = true;
}
