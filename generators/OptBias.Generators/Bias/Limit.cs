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
            return isZero(e.Hyperparameter) || e.Hyperparameter is { Default: 0, Vanishes: false } ? this.graph.Constant(0) : e;
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
                return IsZero(a) || IsZero(b) ? this.graph.Constant(0) : a.IsConstant(1) ? b : b.IsConstant(1) ? a : this.Shortened(a, b) ?? e;
            case Operation.Divide:
                return IsZero(a) ? this.graph.Constant(0) : b.IsConstant(1) ? a : b.Operation == Operation.Abs && this.Signed(a, b.Operands[0]) is { } signed ? signed : e;
            case Operation.FusedMultiplyAdd:
                return IsZero(a) || IsZero(b) ? e.Operands[2] : IsNegligible(e.Operands[2]) ? this.Simplified(this.graph.Multiply(a, b)) : e;
            case Operation.Sign:
                return IsZero(a) ? this.graph.Constant(0) : a.SameSign().Sign();
            case Operation.Sqrt:
                return IsZero(a) ? this.graph.Constant(0) : IsSquare(a) ? a.Operands[0].Abs() : this.Norm(e) ?? e;
            case Operation.Abs or Operation.Negate or Operation.Tanh:
                return IsZero(a) ? this.graph.Constant(0) : e;
            case Operation.Matrix:
                return this.Matrix(e);
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

    /// <summary>The norm of what has a positive factor: the factor times the norm of the rest.</summary>
    private Expression? Norm(Expression e)
    {
        if (!StepSize.IsNorm(e, out var vector) || vector.Positive() is not { } factor)
            return null;
        var rest = this.Simplified(this.graph.Sum(factor.Rest * factor.Rest, SumScope.Tensor).Sqrt());
        return this.Simplified(factor.Divides ? rest / factor.Value : factor.Value * rest);
    }

    /// <summary>
    /// A number times a value of which numbers are factors, without what cancels: <c>K / (s n) · (s x)</c> is <c>K / n · x</c> whatever s
    /// is, and <c>K / n · n</c> is K. So what sets a length forgets the one that was set before. Null where nothing cancels.
    /// </summary>
    private Expression? Shortened(Expression scale, Expression x)
    {
        if (!scale.IsUniform() || scale.Level == 0)
            return null;
        var (factors, count) = (new Factors(), 0);
        count += factors.Add(scale, 1);
        Expression? rest = null;
        if (x.IsUniform())
        {
            count += factors.Add(x, 1);
        }
        else
        {
            for (rest = x; rest.Positive() is { } factor; rest = factor.Rest)
                count += factors.Add(factor.Value, factor.Divides ? -1 : 1);
        }

        if (factors.Count == count)
            return null;
        var product = factors.Product(this.graph, last: e => rest is not null && StepSize.IsNormOf(e, rest));
        return rest is null ? product : this.graph.Multiply(product, rest);
    }

    /// <summary>A stage that forgets the length, without positive factors; the positive factors of a linear one around it; a basis that is entered and left with nothing done in between but that numbers are multiplied.</summary>
    private Expression Matrix(Expression e)
    {
        var (stage, input) = (e.Matrix, e.Operands[0]);
        if (stage.Behaviour.ForgetsLength)
            return this.graph.Matrix(stage, input.Bare(), e.Operands[1] == input ? input.Bare() : e.Operands[1]);
        if (stage.IsLinear && e.Operands[1] == input && input.Positive() is { } factor)
        {
            var rest = this.Simplified(this.graph.Matrix(stage, factor.Rest, factor.Rest));
            return this.Simplified(factor.Divides ? rest / factor.Value : factor.Value * rest);
        }

        return stage.Behaviour.Frame == Frame.Left && this.Unturned(input, stage) is { } unturned ? unturned : e;
    }

    private Expression? Unturned(Expression e, MatrixStage left)
    {
        if (e.Operation == Operation.Matrix)
            return e.Matrix.Behaviour.Frame == Frame.Entered && e.Matrix.Slot == left.Slot ? e.Operands[0] : null;
        if (e.Operation is Operation.Multiply && e.Operands[0].IsUniform())
            return this.Unturned(e.Operands[1], left) is { } inner ? this.Simplified(e.Operands[0] * inner) : null;
        return e.Operation is Operation.Multiply or Operation.Divide && e.Operands[1].IsUniform() && this.Unturned(e.Operands[0], left) is { } other
            ? this.Simplified(e.Operation == Operation.Multiply ? other * e.Operands[1] : other / e.Operands[1])
            : null;
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

    /// <summary>x / |x| is the sign of x.</summary>
    private Expression? Signed(Expression e, Expression x) =>
        e == x ? x.SameSign().Sign()
        : e.Operation == Operation.Multiply && e.Operands[0].IsUniform() && this.Signed(e.Operands[1], x) is { } sign ? this.graph.Multiply(e.Operands[0], sign)
        : null;

    private static bool IsSquare(Expression e) => e.Operation == Operation.Multiply && e.Operands[0] == e.Operands[1];

    private static bool IsZero(Expression e) => e.Operation == Operation.Constant && e.Value == 0;

    private static bool IsNegligible(Expression e) => e.Operation == Operation.Constant && Math.Abs(e.Value) <= Tiny;
}
