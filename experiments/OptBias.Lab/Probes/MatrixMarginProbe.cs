using OptBias.Lab.Probes.Certified;
using OptBias.Lab.Probes.Problems;

namespace OptBias.Lab.Probes;

/// <summary>Margins of a linear model with many classes, in seven norms of its weight matrix: see <see cref="MarginProbe"/>.</summary>
public sealed class MatrixMarginProbe() : MarginProbe(
    () => SeparableClasses.Make(classes: 8, features: 12, count: 32, spread: 3, seed: 1),
    [Geometry.Spectral, Geometry.Frobenius, Geometry.Max, Geometry.Nuclear, Geometry.L1, Geometry.Rows, Geometry.Columns])
{
    /// <inheritdoc />
    public override string Name => "matrix-margin";

    /// <inheritdoc />
    public override string Title => "Matrix margin";

    /// <inheritdoc />
    public override string Problem => "A linear model with 8 classes, 12 features whose scales go from 5 to 1.7, 32 examples that it can separate; 6,000 steps of 0.05/(√t (L γ/√n)ᵖ) for degree p, as in the margin probe. Exact: the largest margin in each of seven norms of the weight matrix.";

    /// <inheritdoc />
    public override string Prediction => "Steepest descent in a norm ends at the largest margin in that norm. The norm is that in which the step is bounded, where it is; else what turns with rows and columns (Shampoo, SOAP) descends in the spectral norm, what sees no units in the max norm, what turns with the whole tensor in the Frobenius norm.";

    /// <inheritdoc />
    public override string Source => "Fan et al. 2025 (arXiv 2502.04664); Gronich and Vardi 2026 (arXiv 2602.16340); Bernstein and Newhouse 2024 (arXiv 2409.20325)";

    /// <inheritdoc />
    public override string Exceptions => "A rule that keeps signs cannot separate examples that need negative weights. A statistic that never forgets makes the steps vanish with the gradient. A graft gives the steps other lengths than steepest descent, so nothing is predicted for it.";

    /// <inheritdoc />
    public override IReadOnlyList<ProbeMeasure> Measures { get; } =
    [
        new() { Name = "margin.spectral", Title = "spectral", Description = "Margin over the largest singular value, as a share of the largest.", Predicts = static p => p.RotatesRowsAndColumns && !p.RotatesAsAWhole && p.StepNorm != StepNorm.Nuclear, AgreesFrom = 0.8 },
        new() { Name = "margin.frobenius", Title = "Frobenius", Description = "Margin over the Frobenius norm, as a share of the largest.", Predicts = static p => p.RotatesAsAWhole },
        new() { Name = "margin.max", Title = "max", Description = "Margin over the largest absolute element, as a share of the largest.", Predicts = static p => p.SeesNoUnits },
        new() { Name = "margin.nuclear", Title = "nuclear", Description = "Margin over the sum of the singular values, as a share of the largest.", Predicts = static p => p.StepNorm == StepNorm.Nuclear },
        new() { Name = "margin.sum", Title = "L1", Description = "Margin over the sum of the absolute elements, as a share of the largest.", Predicts = static p => p.StepNorm == StepNorm.Sum },
        new() { Name = "margin.rows", Title = "rows", Description = "Margin over the length of the longest row, as a share of the largest.", Predicts = static p => p.StepNorm == StepNorm.Row },
        new() { Name = "margin.columns", Title = "columns", Description = "Margin over the length of the longest column, as a share of the largest.", Predicts = static p => p.StepNorm == StepNorm.Column },
    ];

    /// <inheritdoc />
    protected override int Steps => 6_000;
}
