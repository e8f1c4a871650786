namespace OptBias.Optimizers;

/// <summary>Steepest descent in the L1 norm: greedy coordinate descent, Pethick et al. 2025 (arXiv 2502.07529).</summary>
[Optimizer(LearningRate = 0.01)]
[Steepest(Norm.L1)]
public sealed partial class L1Descent;
