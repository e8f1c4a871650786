namespace OptBias.Optimizers;

/// <summary>Adamax, Kingma and Ba 2015 (arXiv 1412.6980), section 7.1.</summary>
[Optimizer(LearningRate = 2e-3)]
[WeightDecay(0.0, Mode = DecayMode.L2)]
[Momentum(0.9)]
[Diagonal(0.999, Statistic = DiagonalStatistic.Infinity, Epsilon = 1e-8)]
public sealed partial class Adamax;
