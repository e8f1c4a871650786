namespace OptBias.Optimizers;

/// <summary>Shampoo with factors fitted by Kullback and Leibler's divergence, arXiv 2509.03378.</summary>
[Optimizer]
[Momentum(0.9)]
[Kronecker(0.99, Statistic = KroneckerStatistic.KullbackLeibler, UpdateEvery = 10, Epsilon = 1e-10)]
[WeightDecay(0.01)]
public sealed partial class KlShampoo;
