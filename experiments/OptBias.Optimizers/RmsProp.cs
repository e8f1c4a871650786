namespace OptBias.Optimizers;

/// <summary>RMSprop, Tieleman and Hinton 2012, as <c>torch.optim.RMSprop</c> has it.</summary>
[Optimizer(LearningRate = 0.01)]
[WeightDecay(0.0, Mode = DecayMode.L2)]
[Diagonal(0.99, Epsilon = 1e-8, BiasCorrection = false)]
public sealed partial class RmsProp;
