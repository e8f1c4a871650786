namespace OptBias.Optimizers;

/// <summary>LAMB, You et al. 2020 (arXiv 1904.00962), algorithm 2.</summary>
[Optimizer]
[Momentum(0.9)]
[Diagonal(0.999, Epsilon = 1e-6)]
[WeightDecay(0.01)]
[TrustRatio]
public sealed partial class Lamb;
