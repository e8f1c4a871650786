namespace OptBias.Optimizers;

/// <summary>Shampoo with forgetting factors and Adam's step length, Gupta, Koren and Singer 2018 (arXiv 1802.09568),
/// Anil et al. 2020 (arXiv 2002.09018), Agarwal et al. 2020 (arXiv 2002.11803).</summary>
[Optimizer]
[Momentum(0.9)]
[Kronecker(0.99, UpdateEvery = 10, Epsilon = 1e-10)]
[Graft(Grafting.Adam, Beta = 0.999, Epsilon = 1e-8)]
[WeightDecay(0.01)]
public sealed partial class Shampoo;
