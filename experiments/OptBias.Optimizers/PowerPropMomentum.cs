namespace OptBias.Optimizers;

/// <summary>Powerpropagation under gradient descent with the heavy ball, Schwarz et al. 2021 (arXiv 2110.00296): one Jacobian before
/// the buffer, one after it. For weights, not for biases.</summary>
[Optimizer(LearningRate = 0.01)]
[PowerLaw(2.0)]
[HeavyBall(0.9)]
public sealed partial class PowerPropMomentum;
