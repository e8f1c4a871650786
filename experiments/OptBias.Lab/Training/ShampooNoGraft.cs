namespace OptBias.Lab.Training;

/// <summary>
/// A control: Shampoo as OptBias.Optimizers declares it, with the length of its own step instead of Adam's. What is left between it and
/// SGD with momentum is the preconditioner. The damping is larger, as nothing else bounds a step along directions without gradient.
/// </summary>
[Optimizer]
[Momentum(0.9)]
[Kronecker(0.99, UpdateEvery = 10, Epsilon = 1e-4)]
[WeightDecay(0.01)]
public sealed partial class ShampooNoGraft;
