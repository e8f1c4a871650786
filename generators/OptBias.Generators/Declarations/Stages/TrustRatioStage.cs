namespace OptBias.Generators.Declarations;

internal sealed partial record TrustRatioStage(double Coefficient) : Stage
{
    public override string Kind => "TrustRatio";

    public override bool CommutesWithRotations => true;

    public override bool OnlyScales => true;

    public override bool ForgetsLength => true;

    public override IEnumerable<HyperparameterDeclaration> Hyperparameters
    {
        get
        {
            yield return new("trust_coefficient", "Coefficient", this.Coefficient, HyperparameterRange.Positive, new("trust", "κ", "\\kappa"), "factor of the trust ratio");
        }
    }

    public static TrustRatioStage Read(AttributeReading attribute) => new(attribute.Number("Coefficient", 1));
}
