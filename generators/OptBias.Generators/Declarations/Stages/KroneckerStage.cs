using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

internal sealed partial record KroneckerStage(
    double? Beta, Accumulation Accumulate, double Epsilon, int UpdateEvery, int StartAt) : Stage
{
    public override string Kind => "Kronecker";

    public override bool IsPreconditioner => true;

    public override IEnumerable<HyperparameterDeclaration> Hyperparameters
    {
        get
        {
            if (this.Beta is { } beta)
                yield return new("shampoo_beta", "beta", beta, HyperparameterRange.Rate, new("beta", "β", "\\beta"), "decay rate of the Kronecker factors");
            yield return new("shampoo_eps", "Epsilon", this.Epsilon, HyperparameterRange.NonNegative, new("epsilonL", "ε", "\\varepsilon"), "ridge added to the Kronecker factors");
            yield return new("update_every", "UpdateEvery", this.UpdateEvery, HyperparameterRange.Interval, new("updateEvery", "f", "f"), "steps between two refreshes of the roots");
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
            attribute.Integer("StartAt", 1));
    }

    public override void Check(StageDiagnostics diagnostics)
    {
        if (this.StartAt < 1)
            diagnostics.ReportOutOfRange(this.Kind, "StartAt", this.StartAt, HyperparameterRange.Interval);
        if (this.Accumulate == Accumulation.Sum && this.Beta is not null)
            diagnostics.Report(Descriptors.ContradictoryOptions, this.Kind, "beta", "Accumulate = Sum", "a sum does not forget; leave beta out");
        if (this.Accumulate != Accumulation.Sum && this.Beta is null)
            diagnostics.Report(Descriptors.MissingBeta, this.Kind, this.Accumulate.ToString());
    }

    public override void CheckPlace(IReadOnlyList<Stage> stages, int index, StageDiagnostics diagnostics) =>
        PlaceRules.ReportSecondPreconditioner(this, stages, index, diagnostics);
}
