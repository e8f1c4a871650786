namespace OptBias.Optimizers;

/// <summary>AMSGrad, Reddi, Kale and Kumar 2018 (arXiv 1904.09237).</summary>
[Optimizer]
[WeightDecay(0.0, Mode = DecayMode.L2)]
[Momentum(0.9)]
[Diagonal(0.999, Statistic = DiagonalStatistic.Max, Epsilon = 1e-8)]
public sealed partial class AmsGrad;
