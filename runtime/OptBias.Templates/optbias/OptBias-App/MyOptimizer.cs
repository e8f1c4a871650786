using OptBias;

namespace OptBiasNamespace;

/// <summary>
/// The declaration is the optimizer: attributes are read from top to bottom, the way the gradient flows. This is AdamW.
/// </summary>
[Optimizer(LearningRate = 1e-2)]
[Momentum(0.9)]
[Diagonal(0.999, Epsilon = 1e-8)]
[WeightDecay(0.01)]
public sealed partial class MyOptimizer;
