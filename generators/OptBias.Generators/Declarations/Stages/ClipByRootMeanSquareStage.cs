namespace OptBias.Generators.Declarations;

internal sealed partial record ClipByRootMeanSquareStage(double Maximum) : Stage
{
    public override string Kind => "ClipByRootMeanSquare";

    public override bool ClipsGradient => true;

    public override bool CommutesWithRotations => true;

    public override bool OnlyScales => true;

    public override IEnumerable<HyperparameterDeclaration> Hyperparameters
    {
        get
        {
            yield return new("clip_threshold", "maximum", this.Maximum, HyperparameterRange.Positive, new("clipThreshold", "d", "d"), "largest root mean square");
        }
    }

    public static ClipByRootMeanSquareStage Read(AttributeReading attribute) => new(attribute.Number("Maximum"));
}
