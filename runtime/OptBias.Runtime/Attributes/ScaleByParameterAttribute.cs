namespace OptBias;

/// <summary>
/// Measures the step in units of the parameter: <c>u ← max(ε₂, RMS(θ)) u</c>, the root mean square taken for each tensor. The
/// minimum lets a parameter move that begins at zero.
/// </summary>
/// <param name="minimum">Default of the hyperparameter <c>minimum_scale</c>, ε₂, in [0, ∞).</param>
/// <remarks>Source: Shazeer and Stern 2018 (arXiv 1804.04235), section 8.</remarks>
public sealed class ScaleByParameterAttribute(double minimum) : StageAttribute
{
    /// <summary>Default of <c>minimum_scale</c>.</summary>
    public double Minimum { get; } = minimum;
}
