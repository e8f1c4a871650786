using OptBias.Generators.Lowering;

namespace OptBias.Generators.Declarations;

internal sealed partial record WeightDecayStage
{
    private static readonly Symbol Decayed = new("gDecayed", "g̃", "\\tilde g");

    public override void LowerGradient(LoweringContext context)
    {
        if (this.Mode == DecayMode.L2)
            context.ReplaceGradient((context.Gradient + (context.Hyper(this, "weight_decay") * context.Parameter)).Named(Decayed.For(this.Name)));
    }

    public override void Lower(LoweringContext context)
    {
        if (this.Mode == DecayMode.Decoupled)
            context.Update += context.Hyper(this, "weight_decay") * context.Parameter;
        else if (this.Mode == DecayMode.AfterStep)
            context.ScaleAfterStep(1 - (context.LearningRate * context.Hyper(this, "weight_decay")));
    }
}
