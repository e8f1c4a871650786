using System.Collections.Immutable;
using OptBias.Generators.Declarations;

namespace OptBias.Generators.Programs;

/// <summary>
/// Turns division by a value that is the same for all elements into multiplication by its reciprocal, which the host
/// computes once. A division costs as much as the rest of an Adam step together; the price is one rounding.
/// </summary>
internal static class StrengthReduction
{
    public static Expression Apply(Expression expression) => Apply(expression, new Dictionary<Expression, Expression>());

    private static Expression Apply(Expression expression, Dictionary<Expression, Expression> done)
    {
        if (done.TryGetValue(expression, out var known))
            return known;

        var graph = expression.Graph;
        var operands = expression.Operands.Select(o => Apply(o, done)).ToImmutableArray();
        Expression result;
        if (expression.Operation == Operation.Divide && !expression.IsUniform() && operands[1].IsUniform())
        {
            var reciprocal = 1 / operands[1];
            if (operands[1].Symbol is { } divisor)
                reciprocal.Named(new("inverse" + Naming.ToPascalCase(divisor.Identifier), "1/" + divisor.Unicode, "1/" + divisor.Latex));
            result = graph.Multiply(operands[0], reciprocal);
        }
        else
        {
            result = graph.With(expression, operands);
        }

        if (expression.Symbol is { } symbol)
            result.Named(symbol);
        done[expression] = result;
        return result;
    }
}
