namespace OptBias.Optimizers;

/// <summary>Steepest descent in the Frobenius norm: normalized gradient descent, Pethick et al. 2025 (arXiv 2502.07529).</summary>
[Optimizer(LearningRate = 0.01)]
[Steepest(Norm.Frobenius)]
public sealed partial class FrobeniusDescent;
