using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

internal sealed partial record SignStage : Stage
{
    public override string Kind => "Sign";

    public override bool ForgetsLength => true;

    public static SignStage Read(AttributeReading attribute) => new();

    public override void CheckPlace(IReadOnlyList<Stage> stages, int index, StageDiagnostics diagnostics)
    {
        if (index > 0 && stages[index - 1] is SignStage)
            diagnostics.Report(Descriptors.StageWithoutEffect, this.Kind, "the sign of a sign is the sign itself");
    }
}
