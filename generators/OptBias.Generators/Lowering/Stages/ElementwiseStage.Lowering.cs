using OptBias.Generators.Lowering;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

internal sealed partial record ElementwiseStage
{
    public override void Lower(LoweringContext context)
    {
        var body = this.Body!;
        var states = new Dictionary<string, Expression>(StringComparer.Ordinal);
        foreach (var state in body.Inputs.Where(input => input.Kind == InputKind.State))
        {
            states[state.Name] = context.State(this, Naming.ToSnakeCase(state.Name), UserSymbols.Of(state.Name), state.Extent);
            context.Follow(states[state.Name]);
            context.Kept[this.Qualify(Naming.ToSnakeCase(state.Name))] = states[state.Name];
        }

        var inputs = body.Inputs.Select(input => this.Lower(input, states, context)).ToList();
        var values = Evaluate(body, inputs, context);
        foreach (var state in body.States)
        {
            if (values[state.Value] != inputs[state.Input])
                context.Store(inputs[state.Input], values[state.Value]);
        }

        context.Update = values[body.Result];
    }
}
