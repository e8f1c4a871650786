using OptBias.Generators.Programs;

namespace OptBias.Generators.Bias;

/// <summary>
/// Rewrites expressions as they are where some hyperparameters are zero: terms and factors fall away, a choice that guards a
/// division by zero is made, and a power of one is no power. A literal that is tiny beside anything is zero as a term too.
/// </summary>
internal sealed class Limit(Func<ProgramHyperparameter, bool> isZero)
{
    /// <summary>A literal up to this size, added to something or the smallest value of it, only keeps a division defined.</summary>
    private const double Tiny = 1e-6;

    /// <summary>What is rewritten has names of its own, which those of the program must not become.</summary>
    private readonly ExpressionGraph graph = new();

    private readonly Dictionary<Expression, Expression> done = new();

    public Expression Apply(Expression e)
    {
        if (this.done.TryGetValue(e, out var known))
            return known;
        var result = this.Simplified(this.graph.Import(e, this.Apply));
        if (e.Symbol is { } symbol && result.Operation != Operation.Constant)
            result.Named(symbol);
        this.done.Add(e, result);
        return result;
    }

    private Expression Simplified(Expression e)
    {
        if (e.Operation == Operation.Hyper)
            return isZero(e.Hyperparameter) ? this.graph.Constant(0) : e;
        if (e.Operands.IsEmpty)
            return e;
        var (a, b) = (e.Operands[0], e.Operands.Length > 1 ? e.Operands[1] : e.Operands[0]);
        switch (e.Operation)
        {
            case Operation.Add:
                return IsNegligible(a) ? b : IsNegligible(b) ? a : AreConstants(a, b) ? this.graph.Constant(a.Value + b.Value) : e;
            case Operation.Subtract:
                return this.Cancelled(a, b) is { } rest ? rest : IsNegligible(b) ? a : IsNegligible(a) ? this.graph.Negate(b) : AreConstants(a, b) ? this.graph.Constant(a.Value - b.Value) : e;
            case Operation.Multiply:
                return IsZero(a) || IsZero(b) ? this.graph.Constant(0) : a.IsConstant(1) ? b : b.IsConstant(1) ? a : e;
            case Operation.Divide:
                return IsZero(a) ? this.graph.Constant(0) : b.IsConstant(1) ? a : e;
            case Operation.FusedMultiplyAdd:
                return this.Simplified(this.graph.Add(this.Simplified(this.graph.Multiply(a, b)), e.Operands[2]));
            case Operation.Sqrt or Operation.Abs or Operation.Sign or Operation.Negate or Operation.Tanh:
                return IsZero(a) ? this.graph.Constant(0) : e;
            case Operation.Power:
                return IsZero(a) && b.Number() > 0 ? this.graph.Constant(0) : b.IsConstant(1) ? a : e;
            case Operation.Max:
                return IsNegligible(a) && b.IsNonNegative() ? b : IsNegligible(b) && a.IsNonNegative() ? a : e;
            case Operation.Select:
                return b == e.Operands[2] || IsGuard(a) ? b : e;
            case Operation.Sum:
                return IsZero(a) ? this.graph.Constant(0) : e;
            default:
                return e;
        }
    }

    /// <summary>0 &lt; x with an x that is never negative: what is not so only where a norm is zero is taken as so.</summary>
    private static bool IsGuard(Expression condition) =>
        condition.Operation == Operation.Less && IsZero(condition.Operands[0]) && condition.Operands[1].IsUniform() && condition.Operands[1].Level > 0 && condition.Operands[1].IsNonNegative();

    /// <summary>(b + c) − b is c, and (b − c) − b is −c.</summary>
    private Expression? Cancelled(Expression a, Expression b) => a.Operation switch
    {
        Operation.Add when a.Operands[0] == b => a.Operands[1],
        Operation.Add when a.Operands[1] == b => a.Operands[0],
        Operation.Subtract when a.Operands[0] == b => this.Simplified(this.graph.Negate(a.Operands[1])),
        _ => a == b ? this.graph.Constant(0) : null,
    };

    private static bool AreConstants(Expression a, Expression b) => a.Operation == Operation.Constant && b.Operation == Operation.Constant;

    private static bool IsZero(Expression e) => e.Operation == Operation.Constant && e.Value == 0;

    private static bool IsNegligible(Expression e) => e.Operation == Operation.Constant && Math.Abs(e.Value) <= Tiny;
}
