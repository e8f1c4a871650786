using OptBias.Generators.Programs;

namespace OptBias.Generators.Bias;

/// <summary>
/// The degree of every value in the gradient: <c>x(c g) = cᵖ x(g)</c> for positive c. With one factor for each element it is the
/// same calculation, and what brings elements together (a sum, a matrix) must not see the factors at all.
/// </summary>
internal sealed class DegreeReading : Reading
{
    private readonly bool byElement;

    public DegreeReading(Readings readings, bool byElement = false)
        : base(readings)
    {
        this.byElement = byElement;
        this.Solve();
    }

    /// <summary>Units that elements have brought together stay together, whatever the length becomes.</summary>
    protected override bool MayForget(LimitProgram.Node node, Behaviour lost) => base.MayForget(node, lost) && (!this.byElement || lost.Cause is null || lost.Cause.IsUniform());

    protected override Behaviour Join(Behaviour before, Behaviour after, Expression stored) =>
        before.IsZero ? after : after.IsZero || before.IsLost ? before : after.IsLost ? after : before == after ? before : Mismatch(stored, before, after);

    protected override Behaviour Of(LimitProgram.Node node)
    {
        var e = node.Expression;
        switch (this.Table[e.Operation].Degree)
        {
            case Rule.Number:
                return e.Operation == Operation.Constant && e.Value == 0 ? Behaviour.Zero : Behaviour.Of(0);
            case Rule.Unknown:
                return Carried(node);
            case Rule.Load:
                return node.State >= 0 ? this.State(node) : Behaviour.Of(e.Tensor.Role == TensorRole.Gradient ? 1 : 0);
            case Rule.Alike or Rule.Difference:
                return this.Lost(node) ?? this.Common(node, 0);
            case Rule.Product:
                return this.Product(node);
            case Rule.Quotient:
                return this.Quotient(node);
            case Rule.Fused:
                return this.Lost(node) ?? this.Fused(node);
            case Rule.Keep:
                return this.Operand(node, 0);
            case Rule.Root:
                return Scaled(this.Operand(node, 0), 0.5);
            case Rule.Power:
                return this.Power(node);
            case Rule.Sign:
                return this.Operand(node, 0) is { Kind: not BehaviourKind.None } signed
                    ? signed.Kind == BehaviourKind.Number ? Behaviour.Of(0) : signed
                    : Behaviour.Unknown(e, "the sign may forget what has no degree");
            case Rule.CopySign:
                return this.Lost(node) ?? this.Operand(node, 0);
            case Rule.Order:
                return this.Compared(node);
            case Rule.Equality:
                return this.Compared(node) is { Kind: not BehaviourKind.None } compared ? compared : Behaviour.Unknown(e, "equality hardly ever holds");
            case Rule.Logic:
                return this.Lost(node) ?? Behaviour.Of(0);
            case Rule.Choice:
                return this.Choice(node);
            case Rule.BentFunction when this.Operand(node, 0).IsZero:
                return Behaviour.Zero;
            case Rule.Function or Rule.BentFunction:
                return this.Lost(node) ?? (this.Operand(node, 0) is { Kind: BehaviourKind.Number, Number: not 0 } ? Behaviour.None(e, "a function that is bent is taken of what grows with the gradient") : Behaviour.Of(0));
            case Rule.Sum:
                return this.byElement && this.Operand(node, 0) is { Kind: BehaviourKind.Number, Number: not 0 }
                    ? Behaviour.None(e, "elements are added up, each with its own unit")
                    : this.Operand(node, 0);
            case Rule.Matrix:
                return this.Matrix(node);
            default:
                return Behaviour.None(e, "nothing is known of it");
        }
    }

    private static Behaviour Scaled(Behaviour behaviour, double by) => behaviour.Kind == BehaviourKind.Number ? Behaviour.Of(behaviour.Number * by) : behaviour;

    private static Behaviour Mismatch(Expression e, Behaviour a, Behaviour b) =>
        Behaviour.None(e, $"what has degree {Degrees.Text(a.Number)} meets what has degree {Degrees.Text(b.Number)}");

    /// <summary>The degree that all operands from one on have.</summary>
    private Behaviour Common(LimitProgram.Node node, int first)
    {
        var common = Behaviour.Zero;
        for (var k = first; k < node.Operands.Length; k++)
        {
            var operand = this.Operand(node, k);
            if (operand.IsZero || operand == common)
                continue;
            if (!common.IsZero)
                return Mismatch(node.Expression, common, operand);
            common = operand;
        }

        return common;
    }

    private Behaviour Product(LimitProgram.Node node)
    {
        var (a, b) = (this.Operand(node, 0), this.Operand(node, 1));
        if (a.IsZero || b.IsZero)
            return Behaviour.Zero;
        return this.Lost(node) ?? Behaviour.Of(a.Number + b.Number);
    }

    private Behaviour Quotient(LimitProgram.Node node)
    {
        var (a, b) = (this.Operand(node, 0), this.Operand(node, 1));
        if (a.IsZero || b.IsZero)
            return Behaviour.Zero;
        return this.Lost(node) ?? Behaviour.Of(a.Number - b.Number);
    }

    private Behaviour Fused(LimitProgram.Node node)
    {
        var (a, b, c) = (this.Operand(node, 0), this.Operand(node, 1), this.Operand(node, 2));
        if (a.IsZero || b.IsZero)
            return c;
        var product = Behaviour.Of(a.Number + b.Number);
        return c.IsZero || c == product ? product : Mismatch(node.Expression, product, c);
    }

    private Behaviour Power(LimitProgram.Node node)
    {
        var (a, exponent) = (this.Operand(node, 0), node.Expression.Operands[1]);
        if (this.Lost(node) is { } lost)
            return lost;
        if (exponent.Number() is var number && !double.IsNaN(number))
            return Scaled(a, number);
        return a is { Kind: BehaviourKind.Number, Number: 0 } && this.Operand(node, 1) is { IsZero: true } or { Kind: BehaviourKind.Number, Number: 0 }
            ? Behaviour.Of(0)
            : a.IsZero ? a : Behaviour.None(node.Expression, "the exponent changes from step to step");
    }

    private Behaviour Compared(LimitProgram.Node node)
    {
        if (this.Lost(node) is { } lost)
            return lost.Kind == BehaviourKind.Unknown ? lost : Behaviour.Unknown(node.Expression, "a comparison may be blind to what has no degree");
        return this.Common(node, 0) is { Kind: BehaviourKind.None } none ? none : Behaviour.Of(0);
    }

    private Behaviour Choice(LimitProgram.Node node)
    {
        if (this.Operand(node, 1).Kind == BehaviourKind.None || this.Operand(node, 2).Kind == BehaviourKind.None || this.Operand(node, 0).IsLost)
            return this.Lost(node)!.Value;
        return this.Lost(node) ?? this.Common(node, 1);
    }

    private Behaviour Matrix(LimitProgram.Node node)
    {
        var (e, behaviour) = (node.Expression, node.Expression.Matrix.Behaviour);
        var (input, other) = (this.Operand(node, 0), this.Operand(node, 1));
        if (input.IsZero)
            return input;
        if (input is { Kind: BehaviourKind.Number, Number: 0 } && (other.IsZero || other is { Kind: BehaviourKind.Number, Number: 0 }))
            return input;
        if (this.byElement)
            return this.Lost(node) ?? Behaviour.None(e, behaviour.Why);
        if (this.LostInLearning(node) is { } lost)
            return lost;
        if (behaviour.ForgetsLength)
            return input.IsLost ? Behaviour.Unknown(e, "the stage may forget what has no degree") : Behaviour.Of(0);
        if (behaviour.WhyNoDegree is { } why)
            return Behaviour.None(e, why);
        if (behaviour.Ridge is { } ridge && !this.Program.Zeroed.Contains(ridge))
            return Behaviour.None(e, "a ridge is added to the factors");
        if (behaviour.InputDegree != 0 && input.IsLost)
            return input;
        if (behaviour.OtherDegree != 0 && other.IsLost)
            return other;
        return Behaviour.Of((behaviour.InputDegree * input.Number) + (behaviour.OtherDegree * other.Number));
    }
}
