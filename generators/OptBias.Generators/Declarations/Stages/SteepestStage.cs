using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

internal sealed partial record SteepestStage(Norm Norm, int Steps, bool SetsSteps) : Stage
{
    /// <summary>As in the attribute.</summary>
    private const int DefaultSteps = 8;

    public override string Kind => "Steepest";

    public override bool IsPreconditioner => true;

    public override bool CommutesWithRotations => this.Norm == Norm.Frobenius;

    public override bool ForgetsLength => true;

    /// <summary>The vector of the top singular pair goes from step to step.</summary>
    public override bool KeepsDirection => this.Norm == Norm.Nuclear;

    public static SteepestStage Read(AttributeReading attribute) =>
        new(attribute.Choice<Norm>("Norm"), attribute.Integer("Steps", DefaultSteps), attribute.Has("Steps"));

    public override void Check(StageDiagnostics diagnostics)
    {
        if (this.Steps < 1)
            diagnostics.ReportOutOfRange(this.Kind, "Steps", this.Steps, HyperparameterRange.Interval);
        if (this.SetsSteps && this.Norm != Norm.Nuclear)
            diagnostics.Report(Descriptors.ContradictoryOptions, this.Kind, "Steps", "Norm." + this.Norm, "only Norm.Nuclear iterates; leave it out");
    }

    public override void CheckPlace(IReadOnlyList<Stage> stages, int index, StageDiagnostics diagnostics) =>
        PlaceRules.ReportSecondPreconditioner(this, stages, index, diagnostics);
}
