namespace OptBias;

/// <summary>
/// The momentum buffer of PyTorch's SGD: <c>b ← μ b + (1 − d) u</c> (the first step takes <c>b = u</c>), then <c>u ← b</c>.
/// </summary>
/// <param name="momentum">Default of the hyperparameter <c>momentum</c>, μ, in [0, 1).</param>
/// <remarks>Source: Polyak 1964; Sutskever et al. 2013; the exact form is that of <c>torch.optim.SGD</c>.</remarks>
public sealed class HeavyBallAttribute(double momentum) : StageAttribute
{
    /// <summary>Default of <c>momentum</c>.</summary>
    public double Momentum { get; } = momentum;

    /// <summary>Looks one step ahead: <c>u ← u + μ b</c>.</summary>
    public bool Nesterov { get; set; }

    /// <summary>Default of the hyperparameter <c>dampening</c>, d, in [0, 1]. Zero unless set; if it is not set there is no such hyperparameter.</summary>
    public double Dampening { get; set; } = double.NaN;
}
