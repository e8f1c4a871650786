namespace OptBias;

/// <summary>
/// Clips every element to <c>[−c, c]</c>. Before the first stage that changes the signal it clips the gradient itself, so
/// that later statistics see the clipped gradient; after one it clips the update.
/// </summary>
/// <param name="maximum">Default of the hyperparameter <c>clip_value</c>, c, in (0, ∞).</param>
public sealed class ClipByValueAttribute(double maximum) : StageAttribute
{
    /// <summary>Default of <c>clip_value</c>.</summary>
    public double Maximum { get; } = maximum;
}
