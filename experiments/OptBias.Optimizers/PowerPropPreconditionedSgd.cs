namespace OptBias.Optimizers;

/// <summary>Powerpropagation read as a diagonal preconditioner on the weights themselves, Pascanu et al. 2025 (arXiv 2507.12224).</summary>
[Optimizer(LearningRate = 0.1)]
[PowerLaw(2.0, Form = PowerLawForm.Preconditioner)]
public sealed partial class PowerPropPreconditionedSgd;
