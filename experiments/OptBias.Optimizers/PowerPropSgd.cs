namespace OptBias.Optimizers;

/// <summary>Powerpropagation under gradient descent, Schwarz et al. 2021 (arXiv 2110.00296). For weights, not for biases.</summary>
[Optimizer(LearningRate = 0.1)]
[PowerLaw(2.0)]
public sealed partial class PowerPropSgd;
