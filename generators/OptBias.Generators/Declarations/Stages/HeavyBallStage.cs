using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

internal sealed partial record HeavyBallStage(double Momentum, bool Nesterov, double? Dampening) : Stage
{
    public override string Kind => "HeavyBall";

    public override bool KeepsDirection => true;

    public override IEnumerable<HyperparameterDeclaration> Hyperparameters
    {
        get
        {
            yield return new("momentum", "momentum", this.Momentum, HyperparameterRange.Rate, new("momentum", "μ", "\\mu"), "weight of the previous step");
            if (this.Dampening is { } dampening)
                yield return new("dampening", "Dampening", dampening, HyperparameterRange.Unit, new("dampening", "d", "d"), "dampening of the gradient in the buffer");
        }
    }

    public static HeavyBallStage Read(AttributeReading attribute) => new(
        attribute.Number("Momentum"),
        attribute.Flag("Nesterov"),
        attribute.Has("Dampening") ? attribute.Number("Dampening") : null);

    public override void Check(StageDiagnostics diagnostics)
    {
        if (this.Nesterov && this.Momentum == 0)
            diagnostics.Report(Descriptors.NesterovWithoutMomentum, this.Kind);
    }
}
