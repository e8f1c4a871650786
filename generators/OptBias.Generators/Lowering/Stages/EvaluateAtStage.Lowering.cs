using OptBias.Generators.Lowering;

namespace OptBias.Generators.Declarations;

internal sealed partial record EvaluateAtStage
{
    public override void Lower(LoweringContext context)
    {
        var body = this.Body!;
        var values = Evaluate(body, body.Inputs.Select(input => this.Lower(input, context.Kept, context)).ToList(), context);
        context.EvaluateAt(values[body.Result]);
    }
}
