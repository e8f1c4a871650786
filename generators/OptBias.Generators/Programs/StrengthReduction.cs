using OptBias.Generators.Declarations;

namespace OptBias.Generators.Programs;

/// <summary>
/// Turns division by a value that is the same for all elements into multiplication by its reciprocal, which the host
/// computes once. A division costs as much as the rest of an Adam step together; the price is one rounding.
/// </summary>
internal sealed class StrengthReduction
{
    private readonly Dictionary<Expression, Expression> done = new();

    public Expression Apply(Expression expression)
    {
        if (expression.Operands.IsEmpty)
            return expression;
        if (!this.done.TryGetValue(expression, out var result))
        {
            result = this.ApplyOnce(expression);
            if (expression.Symbol is { } symbol)
                result.Named(symbol);
            this.done.Add(expression, result);
        }

        return result;
    }

    private Expression ApplyOnce(Expression expression)
    {
        if (expression.Operation != Operation.Divide || expression.IsUniform())
            return expression.Graph.Map(expression, this.Apply);
        var (dividend, divisor) = (this.Apply(expression.Operands[0]), this.Apply(expression.Operands[1]));
        if (!divisor.IsUniform())
            return dividend / divisor;
        var reciprocal = 1 / divisor;
        if (divisor.Symbol is { } symbol)
            reciprocal.Named(new("inverse" + Naming.ToPascalCase(symbol.Identifier), "1/" + symbol.Unicode, "1/" + symbol.Latex));
        return dividend * reciprocal;
    }
}
