namespace OptBias.Optimizers;

/// <summary>AdamW, Loshchilov and Hutter 2019 (arXiv 1711.05101).</summary>
[Optimizer]
[Momentum(0.9)]
[Diagonal(0.999, Epsilon = 1e-8)]
[WeightDecay(0.01)]
public sealed partial class AdamW;
