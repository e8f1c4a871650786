namespace OptBias;

/// <summary>
/// Scales the signal of each tensor down to the root mean square d where its own is larger: <c>u ← u / max(1, RMS(u) / d)</c>.
/// Before the first stage that changes the signal it clips the gradient itself, as <see cref="ClipByNormAttribute"/> does.
/// </summary>
/// <param name="maximum">Default of the hyperparameter <c>clip_threshold</c>, d, in (0, ∞).</param>
/// <remarks>Source: Shazeer and Stern 2018 (arXiv 1804.04235), section 6.</remarks>
public sealed class ClipByRootMeanSquareAttribute(double maximum) : StageAttribute
{
    /// <summary>Default of <c>clip_threshold</c>.</summary>
    public double Maximum { get; } = maximum;
}
