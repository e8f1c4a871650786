namespace OptBias.Generators.Declarations;

internal sealed partial record ClipByNormStage(double Maximum, ClipScope Scope) : Stage
{
    public override string Kind => "ClipByNorm";

    public override bool ClipsGradient => true;

    public override bool CommutesWithRotations => true;

    public override bool OnlyScales => true;

    public override IEnumerable<HyperparameterDeclaration> Hyperparameters
    {
        get
        {
            yield return new("clip_norm", "maximum", this.Maximum, HyperparameterRange.Positive, new("clipNorm", "C", "C"), "largest norm");
        }
    }

    public static ClipByNormStage Read(AttributeReading attribute) =>
        new(attribute.Number("Maximum"), attribute.Choice<ClipScope>("Scope"));
}
