using OptBias.Generators.Lowering;

namespace OptBias.Generators.Declarations;

internal sealed partial record SignStage
{
    public override void Lower(LoweringContext context) => context.Update = context.Update.Sign();
}
