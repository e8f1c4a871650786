using OptBias.Generators.Lowering;

namespace OptBias.Generators.Declarations;

internal sealed partial record ClipByValueStage
{
    public override void Lower(LoweringContext context)
    {
        var c = context.Hyper(this, "clip_value");
        ClipByNormStage.Replace(context, context.Update.Max(-c).Min(c));
    }
}
