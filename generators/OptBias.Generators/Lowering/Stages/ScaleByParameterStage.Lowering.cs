using OptBias.Generators.Lowering;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

internal sealed partial record ScaleByParameterStage
{
    public override void Lower(LoweringContext context)
    {
        var scale = context.Hyper(this, "minimum_scale").Max(context.RootMeanSquare(context.Parameter));
        context.Update = scale.Named(new Symbol("parameterScale", "s_θ", "s_\\theta").For(this.Name)) * context.Update;
    }
}
