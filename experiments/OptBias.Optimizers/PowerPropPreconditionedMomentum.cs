namespace OptBias.Optimizers;

/// <summary>The linearised preconditioner of Powerpropagation on the weights themselves with the heavy ball, after Pascanu et al. 2025
/// (arXiv 2507.12224): the control of <see cref="PowerPropMomentum"/>.</summary>
[Optimizer(LearningRate = 0.01)]
[PowerLaw(2.0, Form = PowerLawForm.Preconditioner)]
[HeavyBall(0.9)]
public sealed partial class PowerPropPreconditionedMomentum;
