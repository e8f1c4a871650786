namespace OptBias.Optimizers;

/// <summary>Gradient descent with the heavy ball of Polyak 1964, as <c>torch.optim.SGD</c> has it.</summary>
[Optimizer(LearningRate = 0.01)]
[WeightDecay(0.0, Mode = DecayMode.L2)]
[HeavyBall(0.9)]
public sealed partial class SgdMomentum;
