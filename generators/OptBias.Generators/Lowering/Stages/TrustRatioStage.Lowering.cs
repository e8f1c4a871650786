using OptBias.Generators.Lowering;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

internal sealed partial record TrustRatioStage
{
    public override void Lower(LoweringContext context)
    {
        var graph = context.Graph;
        var weight = graph.Sum(context.Parameter * context.Parameter, SumScope.Tensor).Sqrt();
        var signal = context.NamedUpdate();
        var update = graph.Sum(signal * signal, SumScope.Tensor).Sqrt();
        var zero = graph.Constant(0);

        // A weight or an update of length zero has no direction to trust: the step is taken as it is.
        var ratio = graph.Select(
            graph.Binary(Operation.Less, zero, weight.Min(update)),
            context.Hyper(this, "trust_coefficient") * (weight / update),
            graph.Constant(1));
        context.Update = ratio.Named(new Symbol("trustRatio", "r", "r").For(this.Name)) * signal;
    }
}
