using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

internal sealed partial record KroneckerStage(
    double? Beta,
    Accumulation Accumulate,
    double Epsilon,
    int UpdateEvery,
    int StartAt,
    int MaxDimension,
    bool MergeDimensions,
    double? Exponent,
    RootMethod Root,
    KroneckerStatistic Statistic,
    double StalenessTolerance,
    bool Asynchronous) : Stage
{
    /// <summary>As in the runtime's settings.</summary>
    private const int DefaultMaxDimension = 1024;

    public override string Kind => "Kronecker";

    public override bool IsPreconditioner => true;

    public override IEnumerable<HyperparameterDeclaration> Hyperparameters
    {
        get
        {
            if (this.Beta is { } beta)
                yield return KroneckerHyperparameters.Beta(beta);
            yield return new("shampoo_eps", "Epsilon", this.Epsilon, HyperparameterRange.NonNegative, new("epsilonL", "ε", "\\varepsilon"), "ridge added to the Kronecker factors") { Vanishes = true };
            yield return KroneckerHyperparameters.UpdateEvery(this.UpdateEvery, "roots");
        }
    }

    public static KroneckerStage Read(AttributeReading attribute)
    {
        double? beta = attribute.Has("Beta") ? attribute.Number("Beta") : null;
        return new(
            beta,
            attribute.Choice("Accumulate", beta is null ? Accumulation.Sum : Accumulation.Ema),
            attribute.Number("Epsilon", 1e-12),
            attribute.Integer("UpdateEvery", 1),
            attribute.Integer("StartAt", 1),
            attribute.Integer("MaxDimension", DefaultMaxDimension),
            attribute.Flag("MergeDimensions"),
            attribute.Has("Exponent") && !double.IsNaN(attribute.Number("Exponent")) ? attribute.Number("Exponent") : null,
            attribute.Choice<RootMethod>("Root"),
            attribute.Choice<KroneckerStatistic>("Statistic"),
            attribute.Number("StalenessTolerance", 0),
            attribute.Flag("Asynchronous"));
    }

    public override void Check(StageDiagnostics diagnostics)
    {
        if (this.StartAt < 1)
            diagnostics.ReportOutOfRange(this.Kind, "StartAt", this.StartAt, HyperparameterRange.Interval);
        if (this.MaxDimension < 1)
            diagnostics.ReportOutOfRange(this.Kind, "MaxDimension", this.MaxDimension, HyperparameterRange.Interval);
        if (!HyperparameterRange.Rate.Contains(this.StalenessTolerance))
            diagnostics.ReportOutOfRange(this.Kind, "StalenessTolerance", this.StalenessTolerance, HyperparameterRange.Rate);
        if (this.Exponent is { } exponent)
            this.CheckExponent(exponent, diagnostics);
        KroneckerHyperparameters.CheckAccumulation(this, this.Accumulate, this.Beta, diagnostics);
    }

    public override void CheckPlace(IReadOnlyList<Stage> stages, int index, StageDiagnostics diagnostics) =>
        PlaceRules.ReportSecondPreconditioner(this, stages, index, diagnostics);

    private void CheckExponent(double exponent, StageDiagnostics diagnostics)
    {
        if (!HyperparameterRange.Positive.Contains(exponent))
            diagnostics.ReportOutOfRange(this.Kind, "Exponent", exponent, HyperparameterRange.Positive);
        else if (this.Statistic == KroneckerStatistic.KullbackLeibler && exponent != 0.5)
            diagnostics.Report(Descriptors.ContradictoryOptions, this.Kind, "Exponent", "Statistic = KullbackLeibler", "its factors are whitened with the same roots, so the exponent is 1/2");
        else if (this.Root == RootMethod.CoupledNewton && Math.Abs((1 / exponent) - Math.Round(1 / exponent)) > 1e-9)
            diagnostics.Report(Descriptors.ContradictoryOptions, this.Kind, "Exponent", "Root = CoupledNewton", "the iteration takes exponents 1/r with a whole r");
    }
}
