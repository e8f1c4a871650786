using System.Collections.Immutable;
using OptBias.Generators.Lowering;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

internal abstract partial record MethodStage
{
    /// <summary>The value of every instruction of a method.</summary>
    protected static List<Expression> Evaluate(ElementMethod body, List<Expression> inputs, LoweringContext context)
    {
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

        return values;
    }

    /// <summary>What a parameter of a method is in the program.</summary>
    protected Expression Lower(ElementInput input, IReadOnlyDictionary<string, Expression> states, LoweringContext context)
    {
        switch (input.Kind)
        {
            case InputKind.Update:
                return Uses(this.Body!) > 1 ? context.NamedUpdate() : context.Update;
            case InputKind.Gradient:
                return context.Gradient;
            case InputKind.Parameter:
                return context.Parameter;
            case InputKind.Hyper:
                return context.Hyper(this, input.Name);
            case InputKind.State:
                return states[input.Name];
            case InputKind.Carried:
                return context.Graph.Carried(context.Carried(this, input.Name));
            case InputKind.Shape:
                return context.Graph.Shape(SumReader.Shapes[input.Name]);
            case InputKind.Sum:
                var term = input.Sum!.Term;
                var values = Evaluate(term, term.Inputs.Select(asked => this.Lower(asked, states, context)).ToList(), context);
                if (SumReader.ExtentOf(input.Sum.Over) is { } extent)
                    return context.AxisSumByUser(this, values[term.Result], extent, input.Name);
                return context.SumByUser(values[term.Result], input.Sum.Over == SumOver.AllParameters ? SumScope.Global : SumScope.Tensor, UserSymbols.Of(input.Name));
            default:
                return context.PerStep(this, input.Call!, input.Name, sum => this.Lower(sum, states, context));
        }
    }

    /// <summary>How often a method reads the update, in its sums too.</summary>
    private static int Uses(ElementMethod body)
    {
        var own = body.Instructions.SelectMany(i => i.Operands).Count(o => body.Instructions[o] is { Operation: Operation.Load } load && body.Inputs[load.Input].Kind == InputKind.Update);
        return own + body.Inputs.SelectMany(input => input.Sum is { } sum ? [sum] : input.Call is { } call ? call.Sums.Select(asked => asked.Sum!) : []).Sum(sum => Uses(sum.Term));
    }
}
