using OptBias.Generators.Programs;

namespace OptBias.Generators.Bias;

/// <summary>What is known of the numbers that expressions stand for.</summary>
internal static class Signs
{
    /// <summary>The number that a constant, or a hyperparameter at its default, is; NaN where the value changes.</summary>
    public static double Number(this Expression e)
    {
        switch (e.Operation)
        {
            case Operation.Constant:
                return e.Value;
            case Operation.Hyper:
                return e.Hyperparameter.Default;
            case Operation.Negate:
                return -e.Operands[0].Number();
            case Operation.Add:
                return e.Operands[0].Number() + e.Operands[1].Number();
            case Operation.Subtract:
                return e.Operands[0].Number() - e.Operands[1].Number();
            case Operation.Multiply:
                return e.Operands[0].Number() * e.Operands[1].Number();
            case Operation.Divide:
                return e.Operands[0].Number() / e.Operands[1].Number();
            default:
                return double.NaN;
        }
    }

    /// <summary>Whether a value is seen to be never negative.</summary>
    public static bool IsNonNegative(this Expression e)
    {
        switch (e.Operation)
        {
            case Operation.Constant:
                return e.Value >= 0;
            case Operation.Hyper:
                return e.Hyperparameter.Range.Minimum >= 0;
            case Operation.Step or Operation.Shape or Operation.Sqrt or Operation.Abs or Operation.Exp:
                return true;
            case Operation.Multiply:
                return e.Operands[0] == e.Operands[1] || (e.Operands[0].IsNonNegative() && e.Operands[1].IsNonNegative());
            case Operation.Divide or Operation.Add or Operation.Min:
                return e.Operands[0].IsNonNegative() && e.Operands[1].IsNonNegative();
            case Operation.Subtract:
                return e.Operands[0].IsConstant(1) && IsAtMostOne(e.Operands[1]);
            case Operation.Max:
                return e.Operands[0].IsNonNegative() || e.Operands[1].IsNonNegative();
            case Operation.Power or Operation.Sum:
                return e.Operands[0].IsNonNegative();
            case Operation.Select:
                return e.Operands[1].IsNonNegative() && e.Operands[2].IsNonNegative();
            default:
                return false;
        }
    }

    /// <summary>The value without positive factors that are the same for all its elements: they do not change its direction.</summary>
    public static Expression Bare(this Expression e)
    {
        while (e.Positive() is { } factor)
            e = factor.Rest;
        return e;
    }

    /// <summary>The value without positive factors, of single elements too, and without clamps: they do not change its signs.</summary>
    public static Expression SameSign(this Expression e)
    {
        while ((e.Positive(ofElements: true)?.Rest ?? e.SymmetricallyClamped()) is { } rest)
            e = rest;
        return e;
    }

    /// <summary>The first positive factor or divisor of a value; null where there is none.</summary>
    /// <param name="e">The value.</param>
    /// <param name="ofElements">Whether each element may have its own.</param>
    public static PositiveFactor? Positive(this Expression e, bool ofElements = false)
    {
        bool Counts(Expression factor) => (ofElements || factor.IsUniform()) && factor.IsNonNegative();
        if (e.Operation == Operation.Multiply && Counts(e.Operands[0]))
            return new(e.Operands[0], e.Operands[1], Divides: false);
        return e.Operation is Operation.Multiply or Operation.Divide && Counts(e.Operands[1])
            ? new(e.Operands[1], e.Operands[0], e.Operation == Operation.Divide)
            : null;
    }

    /// <summary>What a clamp keeps between −c and c; null where the limits are not each other's negative.</summary>
    public static Expression? SymmetricallyClamped(this Expression e) => e.Operation switch
    {
        Operation.Clamp when AreOpposite(e.Operands[1], e.Operands[2]) => e.Operands[0],
        Operation.Min => Inner(e, Operation.Max),
        Operation.Max => Inner(e, Operation.Min),
        _ => null,
    };

    private static Expression? Inner(Expression e, Operation other)
    {
        for (var k = 0; k < 2; k++)
        {
            var inner = e.Operands[k];
            if (inner.Operation != other)
                continue;
            if (AreOpposite(inner.Operands[1], e.Operands[1 - k]))
                return inner.Operands[0];
            if (AreOpposite(inner.Operands[0], e.Operands[1 - k]))
                return inner.Operands[1];
        }

        return null;
    }

    private static bool AreOpposite(Expression a, Expression b) =>
        (a.Operation == Operation.Negate && a.Operands[0] == b)
        || (b.Operation == Operation.Negate && b.Operands[0] == a)
        || (a.Operation == Operation.Constant && b.Operation == Operation.Constant && a.Value == -b.Value);

    private static bool IsAtMostOne(Expression e) => e.Operation switch
    {
        Operation.Constant => e.Value <= 1,
        Operation.Hyper => e.Hyperparameter.Range is { Minimum: >= 0, Maximum: <= 1 },
        Operation.Power => IsAtMostOne(e.Operands[0]) && e.Operands[0].IsNonNegative(),
        Operation.Multiply => IsAtMostOne(e.Operands[0]) && IsAtMostOne(e.Operands[1]) && e.Operands[0].IsNonNegative(),
        _ => false,
    };
}
