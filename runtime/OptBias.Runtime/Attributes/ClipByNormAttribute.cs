namespace OptBias;

/// <summary>
/// Scales the signal down to the norm c where it is longer: <c>u ← u · min(1, c / (‖u‖ + 1e-6))</c>. Before the first stage
/// that changes the signal it clips the gradient itself, so that later statistics see the clipped gradient; after one it
/// clips the update.
/// </summary>
/// <param name="maximum">Default of the hyperparameter <c>clip_norm</c>, c, in (0, ∞).</param>
/// <remarks>Source: Pascanu, Mikolov and Bengio 2013 (arXiv 1211.5063); the 1e-6 is that of <c>clip_grad_norm_</c>.</remarks>
public sealed class ClipByNormAttribute(double maximum) : StageAttribute
{
    /// <summary>Default of <c>clip_norm</c>.</summary>
    public double Maximum { get; } = maximum;

    /// <summary>Over what the norm is taken. <see cref="ClipScope.Global"/> unless set.</summary>
    public ClipScope Scope { get; set; }
}
