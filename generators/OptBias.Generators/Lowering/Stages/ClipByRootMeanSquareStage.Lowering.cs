using OptBias.Generators.Lowering;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

internal sealed partial record ClipByRootMeanSquareStage
{
    public override void Lower(LoweringContext context)
    {
        var update = context.NamedUpdate();
        var excess = context.RootMeanSquare(update) / context.Hyper(this, "clip_threshold");
        var shrink = excess.Max(context.Graph.Constant(1)).Named(new Symbol("excess", "x", "x").For(this.Name));
        ClipByNormStage.Replace(context, update / shrink);
    }
}
