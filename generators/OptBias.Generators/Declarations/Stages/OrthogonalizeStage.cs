using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

internal sealed partial record OrthogonalizeStage(int Steps, NewtonSchulzCoefficients Coefficients) : Stage
{
    public override string Kind => "Orthogonalize";

    public override bool IsPreconditioner => true;

    public override bool ForgetsLength => true;

    public static OrthogonalizeStage Read(AttributeReading attribute) =>
        new(attribute.Integer("Steps", 5), attribute.Choice<NewtonSchulzCoefficients>("Coefficients"));

    public override void Check(StageDiagnostics diagnostics)
    {
        if (this.Steps < 1)
            diagnostics.ReportOutOfRange(this.Kind, "Steps", this.Steps, HyperparameterRange.Interval);
    }

    public override void CheckPlace(IReadOnlyList<Stage> stages, int index, StageDiagnostics diagnostics) =>
        PlaceRules.ReportSecondPreconditioner(this, stages, index, diagnostics);
}
