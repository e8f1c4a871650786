using OptBias.Generators.Lowering;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

internal sealed partial record ClipByNormStage
{
    /// <summary>The term that <c>clip_grad_norm_</c> adds to the norm before it divides by it.</summary>
    private const double NormFloor = 1e-6;

    public override void Lower(LoweringContext context)
    {
        var maximum = context.Hyper(this, "clip_norm");
        var scope = this.Scope == ClipScope.Global ? SumScope.Global : SumScope.Tensor;
        var update = context.NamedUpdate();
        var norm = context.Graph.Sum(update * update, scope).Sqrt();
        var scale = (maximum / (norm + NormFloor)).Min(context.Graph.Constant(1)).Named(new Symbol("clipScale", "s", "s").For(this.Name));
        Replace(context, scale * update);
    }

    /// <summary>A clipped signal takes the gradient's place as long as it is the gradient, so that later statistics see it clipped.</summary>
    internal static void Replace(LoweringContext context, Expression clipped)
    {
        if (context.UpdateIsGradient)
            context.ReplaceGradient(clipped);
        else
            context.Update = clipped;
    }
}
