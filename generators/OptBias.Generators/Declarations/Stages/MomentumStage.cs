using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

internal sealed partial record MomentumStage(double Beta, bool Nesterov, double? Interpolation, bool BiasCorrection) : Stage
{
    public override string Kind => "Momentum";

    public override bool KeepsDirection => true;

    public override IEnumerable<HyperparameterDeclaration> Hyperparameters
    {
        get
        {
            yield return new("beta1", "beta", this.Beta, HyperparameterRange.Rate, new("beta1", "β₁", "\\beta_1"), "decay rate of the average of the gradient");
            if (this.Interpolation is { } interpolation)
                yield return new("interpolation", "Interpolation", interpolation, this.InterpolationRange, new("iota", "ι", "\\iota"), "weight of the stored average in the mix that is used");
        }
    }

    /// <summary>The stored average alone has gathered nothing before the first step, and there is nothing to correct.</summary>
    private HyperparameterRange InterpolationRange => this.BiasCorrection ? HyperparameterRange.Rate : HyperparameterRange.Unit;

    public static MomentumStage Read(AttributeReading attribute) => new(
        attribute.Number("Beta"),
        attribute.Flag("Nesterov"),
        attribute.Has("Interpolation") ? attribute.Number("Interpolation") : null,
        attribute.Flag("BiasCorrection", otherwise: true));

    public override void Check(StageDiagnostics diagnostics)
    {
        if (this.Nesterov && this.Beta == 0)
            diagnostics.Report(Descriptors.NesterovWithoutMomentum, this.Kind);
        if (this.Nesterov && this.Interpolation is not null)
            diagnostics.Report(Descriptors.ContradictoryOptions, this.Kind, "Nesterov", "Interpolation", "each says which mix of the average and the signal is used");
    }
}
