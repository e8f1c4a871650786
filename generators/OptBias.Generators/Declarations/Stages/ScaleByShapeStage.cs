namespace OptBias.Generators.Declarations;

internal sealed partial record ScaleByShapeStage : Stage
{
    public override string Kind => "ScaleByShape";

    public override bool CommutesWithRotations => true;

    public override bool OnlyScales => true;

    public static ScaleByShapeStage Read(AttributeReading attribute) => new();
}
