namespace OptBias.Optimizers;

/// <summary>Steepest descent in the largest length of a column: each column over its length, Pethick et al. 2025 (arXiv 2502.07529).</summary>
[Optimizer(LearningRate = 0.01)]
[Steepest(Norm.Columns)]
public sealed partial class ColumnDescent;
