using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

internal sealed partial record GraftStage(Grafting Grafting, double Beta, double Epsilon) : Stage
{
    public override string Kind => "Graft";

    public override IEnumerable<HyperparameterDeclaration> Hyperparameters
    {
        get
        {
            if (this.Grafting is Grafting.Adam or Grafting.RmsProp)
                yield return new("graft_beta2", "Beta", this.Beta, HyperparameterRange.Rate, new("graftBeta2", "βᵍ", "\\beta^{g}"), "decay rate of the grafted method's second moment");
            if (this.Grafting is not Grafting.Sgd)
                yield return new("graft_eps", "Epsilon", this.Epsilon, HyperparameterRange.NonNegative, new("graftEpsilon", "εᵍ", "\\varepsilon^{g}"), "term added to the grafted method's denominator") { Vanishes = true };
        }
    }

    public static GraftStage Read(AttributeReading attribute) => new(
        attribute.Choice<Grafting>("Kind"),
        attribute.Number("Beta", 0.999),
        attribute.Number("Epsilon", 1e-8));

    public override void CheckPlace(IReadOnlyList<Stage> stages, int index, StageDiagnostics diagnostics)
    {
        if (!stages.Take(index).Any(s => s.IsPreconditioner))
            diagnostics.Report(Descriptors.GraftWithoutPreconditioner);
    }
}
