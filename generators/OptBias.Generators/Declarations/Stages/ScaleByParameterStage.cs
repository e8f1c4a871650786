namespace OptBias.Generators.Declarations;

internal sealed partial record ScaleByParameterStage(double Minimum) : Stage
{
    public override string Kind => "ScaleByParameter";

    public override bool CommutesWithRotations => true;

    public override bool OnlyScales => true;

    public override IEnumerable<HyperparameterDeclaration> Hyperparameters
    {
        get
        {
            yield return new("minimum_scale", "minimum", this.Minimum, HyperparameterRange.NonNegative, new("minimumScale", "ε₂", "\\varepsilon_2"), "smallest scale of a parameter") { Vanishes = true };
        }
    }

    public static ScaleByParameterStage Read(AttributeReading attribute) => new(attribute.Number("Minimum"));
}
