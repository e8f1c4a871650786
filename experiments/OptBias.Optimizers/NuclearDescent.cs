namespace OptBias.Optimizers;

/// <summary>Steepest descent in the nuclear norm: steps of rank 1, Pethick et al. 2025 (arXiv 2502.07529).</summary>
[Optimizer(LearningRate = 0.01)]
[Steepest(Norm.Nuclear)]
public sealed partial class NuclearDescent;
