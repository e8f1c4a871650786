namespace OptBias.Generators.Declarations;

internal sealed partial record PowerLawStage(double Alpha, PowerLawForm Form) : Stage
{
    public override string Kind => "PowerLaw";

    public override bool IsCoordinateChange => this.Form == PowerLawForm.Reparameterization;

    public override bool MustComeFirst => this.IsCoordinateChange;

    public override IEnumerable<HyperparameterDeclaration> Hyperparameters
    {
        get
        {
            yield return new("alpha", "alpha", this.Alpha, HyperparameterRange.AtLeastOne, new("alpha", "α", "\\alpha"), "exponent of the power law, 1 is the identity");
        }
    }

    public static PowerLawStage Read(AttributeReading attribute) =>
        new(attribute.Number("Alpha"), attribute.Choice<PowerLawForm>("Form"));
}
