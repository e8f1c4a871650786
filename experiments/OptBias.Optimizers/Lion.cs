namespace OptBias.Optimizers;

/// <summary>Lion, Chen et al. 2023 (arXiv 2302.06675).</summary>
[Optimizer(LearningRate = 1e-4)]
[Momentum(0.99, Interpolation = 0.9, BiasCorrection = false)]
[Sign]
[WeightDecay(0.01)]
public sealed partial class Lion;
