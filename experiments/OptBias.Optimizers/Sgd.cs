namespace OptBias.Optimizers;

/// <summary>Stochastic gradient descent, Robbins and Monro 1951.</summary>
[Optimizer(LearningRate = 0.01)]
[WeightDecay(0.0, Mode = DecayMode.L2)]
public sealed partial class Sgd;
