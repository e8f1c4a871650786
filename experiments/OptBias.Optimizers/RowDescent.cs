namespace OptBias.Optimizers;

/// <summary>Steepest descent in the largest length of a row: each row over its length, Pethick et al. 2025 (arXiv 2502.07529).</summary>
[Optimizer(LearningRate = 0.01)]
[Steepest(Norm.Rows)]
public sealed partial class RowDescent;
