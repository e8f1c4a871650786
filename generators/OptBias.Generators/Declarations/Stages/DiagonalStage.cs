using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

internal sealed partial record DiagonalStage(
    double? Beta, DiagonalStatistic Statistic, bool Centered, double Exponent, double Epsilon, EpsilonPlacement EpsilonPlacement, bool BiasCorrection) : Stage
{
    private static readonly HyperparameterRange ExponentRange = new(0, 1, ExcludesMinimum: true);

    public override string Kind => "Diagonal";

    public override bool IsPreconditioner => true;

    /// <summary>Whether v is divided by 1 − β₂ᵗ.</summary>
    public bool CorrectsBias => this.BiasCorrection && this.Statistic is (DiagonalStatistic.Ema or DiagonalStatistic.Max);

    public override IEnumerable<HyperparameterDeclaration> Hyperparameters
    {
        get
        {
            if (this.Beta is { } beta)
                yield return new("beta2", "beta", beta, HyperparameterRange.Rate, new("beta2", "β₂", "\\beta_2"), "decay rate of the second moment");
            yield return new("eps", "Epsilon", this.Epsilon, HyperparameterRange.NonNegative, new("epsilon", "ε", "\\varepsilon"), "term added to the denominator");
        }
    }

    public static DiagonalStage Read(AttributeReading attribute)
    {
        double? beta = attribute.Has("Beta") ? attribute.Number("Beta") : null;
        return new(
            beta,
            attribute.Choice("Statistic", beta is null ? DiagonalStatistic.Sum : DiagonalStatistic.Ema),
            attribute.Flag("Centered"),
            attribute.Number("Exponent", 0.5),
            attribute.Number("Epsilon", 1e-8),
            attribute.Choice<EpsilonPlacement>("EpsilonPlacement"),
            attribute.Flag("BiasCorrection", otherwise: true));
    }

    public override void Check(StageDiagnostics diagnostics)
    {
        if (!ExponentRange.Contains(this.Exponent))
            diagnostics.ReportOutOfRange(this.Kind, "Exponent", this.Exponent, ExponentRange);
        if (this.Statistic == DiagonalStatistic.Sum && this.Beta is not null)
            diagnostics.Report(Descriptors.ContradictoryOptions, this.Kind, "beta", "Statistic = Sum", "a sum does not forget; leave beta out");
        if (this.Statistic != DiagonalStatistic.Sum && this.Beta is null)
            diagnostics.Report(Descriptors.MissingBeta, this.Kind, this.Statistic.ToString());
        if (this.Centered && this.Statistic != DiagonalStatistic.Ema)
            diagnostics.Report(Descriptors.ContradictoryOptions, this.Kind, "Centered", "Statistic = " + this.Statistic, "only an average has a variance");
    }

    public override void CheckPlace(IReadOnlyList<Stage> stages, int index, StageDiagnostics diagnostics) =>
        PlaceRules.ReportSecondPreconditioner(this, stages, index, diagnostics);
}
