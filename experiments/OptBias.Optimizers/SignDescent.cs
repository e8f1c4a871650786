namespace OptBias.Optimizers;

/// <summary>Steepest descent in the max norm: sign descent, Bernstein et al. 2018 (arXiv 1802.04434).</summary>
[Optimizer(LearningRate = 0.01)]
[Sign]
public sealed partial class SignDescent;
