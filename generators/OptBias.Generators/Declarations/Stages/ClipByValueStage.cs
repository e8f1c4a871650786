namespace OptBias.Generators.Declarations;

internal sealed partial record ClipByValueStage(double Maximum) : Stage
{
    public override string Kind => "ClipByValue";

    public override bool ClipsGradient => true;

    public override IEnumerable<HyperparameterDeclaration> Hyperparameters
    {
        get
        {
            yield return new("clip_value", "maximum", this.Maximum, HyperparameterRange.Positive, new("clipValue", "c", "c"), "largest absolute value of an element");
        }
    }

    public static ClipByValueStage Read(AttributeReading attribute) => new(attribute.Number("Maximum"));
}
