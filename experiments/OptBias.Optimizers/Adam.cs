namespace OptBias.Optimizers;

/// <summary>Adam, Kingma and Ba 2015 (arXiv 1412.6980).</summary>
[Optimizer]
[Momentum(0.9)]
[Diagonal(0.999, Epsilon = 1e-8)]
public sealed partial class Adam;
