namespace OptBias.Optimizers;

/// <summary>Shampoo as it was first written, Gupta, Koren and Singer 2018 (arXiv 1802.09568), algorithm 2.</summary>
[Optimizer(LearningRate = 0.1)]
[Kronecker(Accumulate = Accumulation.Sum, Epsilon = 1e-4, UpdateEvery = 1)]
public sealed partial class ShampooSum;
