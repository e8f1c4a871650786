namespace OptBias.Generators.Declarations;

internal sealed partial record WeightDecayStage(double WeightDecay, DecayMode Mode) : Stage
{
    public override string Kind => "WeightDecay";

    public override bool CommutesWithRotations => true;

    public override bool ActsOnGradient => this.Mode != DecayMode.Decoupled;

    public override IEnumerable<HyperparameterDeclaration> Hyperparameters
    {
        get
        {
            yield return new("weight_decay", "weightDecay", this.WeightDecay, HyperparameterRange.NonNegative, new("lambda", "λ", "\\lambda"), "weight decay") { Vanishes = true };
        }
    }

    public static WeightDecayStage Read(AttributeReading attribute) =>
        new(attribute.Number("WeightDecay"), attribute.Choice<DecayMode>("Mode"));
}
