using System.Collections.Immutable;
using OptBias.Generators.Lowering;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

internal sealed partial record ElementwiseStage
{
    public override void Lower(LoweringContext context)
    {
        var body = this.Body!;
        var inputs = body.Inputs.Select(input => this.Lower(input, context)).ToList();
        var values = new List<Expression>();
        for (var i = 0; i < body.Instructions.Count; i++)
        {
            var instruction = body.Instructions[i];
            var value = instruction.Operation switch
            {
                Operation.Load => inputs[instruction.Input],
                Operation.Constant => context.Graph.Constant(instruction.Number),
                _ => context.Graph.Apply(instruction.Operation, instruction.Operands.Select(o => values[o]).ToImmutableArray()),
            };
            values.Add(body.Locals[i].Length > 0 ? context.NamedByUser(value, UserSymbols.Of(body.Locals[i])) : value);
        }

        foreach (var state in body.States)
        {
            if (values[state.Value] != inputs[state.Input])
                context.Store(inputs[state.Input], values[state.Value]);
        }

        context.Update = values[body.Result];
    }

    private Expression Lower(ElementInput input, LoweringContext context)
    {
        switch (input.Kind)
        {
            case InputKind.Update:
                var uses = this.Body!.Instructions.SelectMany(i => i.Operands).Count(o => this.Body.Instructions[o] is { Operation: Operation.Load } load && this.Body.Inputs[load.Input] == input);
                return uses > 1 ? context.NamedUpdate() : context.Update;
            case InputKind.Gradient:
                return context.Gradient;
            case InputKind.Parameter:
                return context.Parameter;
            case InputKind.Hyper:
                return context.Hyper(this, input.Name);
            case InputKind.State:
                var state = context.State(this, Naming.ToSnakeCase(input.Name), UserSymbols.Of(input.Name));
                context.Follow(state);
                return state;
            default:
                return context.PerStep(this, input.Call!, input.Name);
        }
    }
}
