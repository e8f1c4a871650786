namespace OptBias.Optimizers;

/// <summary>Adagrad, Duchi, Hazan and Singer 2011.</summary>
[Optimizer(LearningRate = 0.01)]
[WeightDecay(0.0, Mode = DecayMode.L2)]
[Diagonal(Statistic = DiagonalStatistic.Sum, Epsilon = 1e-10)]
public sealed partial class Adagrad;
