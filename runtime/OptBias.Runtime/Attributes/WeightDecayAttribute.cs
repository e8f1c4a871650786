namespace OptBias;

/// <summary>Weight decay on the parameter of the coordinates in which it stands.</summary>
/// <param name="weightDecay">Default of the hyperparameter <c>weight_decay</c>, λ, in [0, ∞).</param>
/// <remarks>Source: Loshchilov and Hutter 2019 (arXiv 1711.05101).</remarks>
public sealed class WeightDecayAttribute(double weightDecay) : StageAttribute
{
    /// <summary>Default of <c>weight_decay</c>.</summary>
    public double WeightDecay { get; } = weightDecay;

    /// <summary>How it acts. <see cref="DecayMode.Decoupled"/> unless set.</summary>
    public DecayMode Mode { get; set; }
}
