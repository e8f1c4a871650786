using OptBias.Lab.Probes.Certified;
using OptBias.Lab.Probes.Problems;

namespace OptBias.Lab.Probes;

/// <summary>Margins of a linear model with two classes, in L1, L2 and L∞: see <see cref="MarginProbe"/>.</summary>
public sealed class VectorMarginProbe() : MarginProbe(() => SeparablePairs.Make(6, 10, count: 30, spread: 10, seed: 1), [Geometry.L1, Geometry.Frobenius, Geometry.Max])
{
    /// <inheritdoc />
    public override string Name => "margin";

    /// <inheritdoc />
    public override string Title => "Margin";

    /// <inheritdoc />
    public override string Problem => "Separable logistic regression, 30 examples, 60 features whose scales go from 5 to 0.5. The weights are laid out as a 6 × 10 matrix; 10,000 steps of 0.05/(√t (L γ/√n)ᵖ) for degree p, where L is the loss (falling by at most 1% a step) and γ the largest L2 margin, so that rules of every degree take steps of about equal length. Exact: the largest margin in each norm.";

    /// <inheritdoc />
    public override string Prediction => "Gradient descent, and whatever turns with the whole tensor, ends at the largest L2 margin. A rule that sees no units (sign descent, Adam with ε = 0) ends at the largest L∞ margin; with ε > 0 it drifts to L2.";

    /// <inheritdoc />
    public override string Source => "Soudry et al. 2018 (arXiv 1710.10345); Zhang et al. 2024 (arXiv 2406.10650); Wang et al. 2021 (arXiv 2012.06244)";

    /// <inheritdoc />
    public override string Exceptions => "A rule that keeps signs cannot separate examples that need negative weights. A statistic that never forgets (a sum or a maximum of squares) makes the steps vanish with the gradient, so such a rule stops on the way.";

    /// <inheritdoc />
    public override IReadOnlyList<ProbeMeasure> Measures { get; } =
    [
        new() { Name = "margin.l1", Title = "L1", Description = "Margin over the sum of the absolute weights, as a share of the largest." },
        new() { Name = "margin.l2", Title = "L2", Description = "Margin over the length of the weights, as a share of the largest.", Predicts = static p => p.RotatesAsAWhole, AgreesFrom = 0.93 },
        new() { Name = "margin.linf", Title = "L∞", Description = "Margin over the largest absolute weight, as a share of the largest.", Predicts = static p => p.SeesNoUnits, AgreesFrom = 0.95 },
    ];

    /// <inheritdoc />
    protected override int Steps => 10_000;
}
