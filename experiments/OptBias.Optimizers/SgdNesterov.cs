namespace OptBias.Optimizers;

/// <summary>Gradient descent with Nesterov's momentum in the form of Sutskever et al. 2013, as <c>torch.optim.SGD</c> has it.</summary>
[Optimizer(LearningRate = 0.01)]
[WeightDecay(0.0, Mode = DecayMode.L2)]
[HeavyBall(0.9, Nesterov = true)]
public sealed partial class SgdNesterov;
