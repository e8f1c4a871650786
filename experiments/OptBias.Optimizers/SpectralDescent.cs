namespace OptBias.Optimizers;

/// <summary>Steepest descent in the spectral norm, Carlson et al. 2015 and Bernstein and Newhouse 2024 (arXiv 2409.20325): all singular
/// values of the step are near 1, also those that are 1e-6 of the largest.</summary>
[Optimizer(LearningRate = 0.01)]
[Orthogonalize(Steps = 16, Coefficients = NewtonSchulzCoefficients.Convergent)]
public sealed partial class SpectralDescent;
