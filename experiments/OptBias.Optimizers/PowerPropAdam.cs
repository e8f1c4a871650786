namespace OptBias.Optimizers;

/// <summary>Adam on Powerpropagation's coordinates, Schwarz et al. 2021 (arXiv 2110.00296). For weights, not for biases.</summary>
[Optimizer]
[PowerLaw(2.0)]
[Momentum(0.9)]
[Diagonal(0.999, Epsilon = 1e-8)]
public sealed partial class PowerPropAdam;
