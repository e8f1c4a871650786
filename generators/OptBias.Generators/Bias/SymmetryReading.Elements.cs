using OptBias.Generators.Programs;

namespace OptBias.Generators.Bias;

/// <summary>What functions of single elements, and sums, do to odd and even values, to vectors and squares, and to what is permuted.</summary>
internal sealed partial class SymmetryReading
{
    private Behaviour Parity(LimitProgram.Node node, Rule rule, Behaviour even, Behaviour odd)
    {
        var e = node.Expression;
        switch (rule)
        {
            case Rule.Alike or Rule.Difference:
                return this.Common(node, 0, even);
            case Rule.Product:
                return this.ParityProduct(this.Operand(node, 0), this.Operand(node, 1), even, odd);
            case Rule.Quotient:
                return this.ParityProduct(this.Operand(node, 0), this.Operand(node, 1), even, odd);
            case Rule.Fused:
                return Joined(this.ParityProduct(this.Operand(node, 0), this.Operand(node, 1), even, odd), AsElement(this.Operand(node, 2), even), e);
            case Rule.OddFunction when e.Operation == Operation.Sign:
                return this.Operand(node, 0) is { IsLost: false } signed ? AsElement(signed, even) : Behaviour.Unknown(e, "the sign may forget what was lost");
            case Rule.OddFunction or Rule.Keep:
                return AsElement(this.Operand(node, 0), even);
            case Rule.EvenFunction:
                return this.Operand(node, 0).IsZero ? Behaviour.Zero : even;
            case Rule.Function or Rule.Root:
                return this.NoneIsOdd(node, even, "the sign of an element decides");
            case Rule.Power:
                return this.ParityPower(node, even, odd);
            case Rule.Extremum or Rule.Clamp:
                return node.Clamped >= 0 && this.HasFixedLimits(node)
                    ? AsElement(this.Clamped(node), even)
                    : this.NoneIsOdd(node, even, rule == Rule.Clamp ? "the limits are not each other's negative" : "the sign of an element decides");
            case Rule.CopySign:
                return AsElement(this.Operand(node, 1), even) is { IsZero: false } sign ? sign : even;
            case Rule.Order:
                return this.NoneIsOdd(node, even, "the sign of an element decides");
            case Rule.Equality:
                return this.AllAre(node, odd.Kind) ? even
                    : this.NoneIsOdd(node, even, "") is { Kind: not BehaviourKind.None } compared ? compared
                    : Behaviour.Unknown(e, "equality hardly ever holds");
            case Rule.Logic:
                return even;
            case Rule.Choice:
                return this.Operand(node, 0).IsLost || this.Operand(node, 1).Kind == BehaviourKind.None || this.Operand(node, 2).Kind == BehaviourKind.None
                    ? this.Lost(node)!.Value
                    : this.Lost(node) ?? this.Common(node, 1, even);
            case Rule.Sum:
                return this.Operand(node, 0).Kind == odd.Kind ? Behaviour.None(e, "elements are added up that change their signs") : this.Operand(node, 0);
            default:
                return Behaviour.None(e, "nothing is known of it");
        }
    }

    /// <summary>Whether the limits of a clamp stay as they are; those of a minimum or maximum are one of its operands.</summary>
    private bool HasFixedLimits(LimitProgram.Node node) =>
        this.Operand(node, node.Operands.Length - 1).Kind is BehaviourKind.Same or BehaviourKind.FrameSame
        || (node.Expression.Operation != Operation.Clamp && this.Operand(node, 0).Kind is BehaviourKind.Same or BehaviourKind.FrameSame);

    private static Behaviour AsElement(Behaviour behaviour, Behaviour even) => behaviour.Kind == BehaviourKind.Same ? even : behaviour;

    private Behaviour ParityProduct(Behaviour a, Behaviour b, Behaviour even, Behaviour odd)
    {
        if (a.IsZero || b.IsZero)
            return Behaviour.Zero;
        return (a.Kind == odd.Kind) == (b.Kind == odd.Kind) ? even : odd;
    }

    private Behaviour ParityPower(LimitProgram.Node node, Behaviour even, Behaviour odd)
    {
        var (number, a) = (node.Expression.Operands[1].Number(), this.Operand(node, 0));
        if (a.Kind == odd.Kind && Math.Floor(number) == number)
            return number % 2 == 0 ? even : a;
        return this.NoneIsOdd(node, even, "the sign of an element decides");
    }

    private Behaviour NoneIsOdd(LimitProgram.Node node, Behaviour even, string sentence)
    {
        var allZero = true;
        for (var k = 0; k < node.Operands.Length; k++)
        {
            var operand = this.Operand(node, k);
            if (operand.Kind is BehaviourKind.Odd or BehaviourKind.FrameOdd)
                return Behaviour.None(node.Expression, sentence);
            allZero &= operand.IsZero;
        }

        return allZero && node.Expression.Operation is Operation.Sqrt or Operation.Min or Operation.Max or Operation.Clamp ? Behaviour.Zero : even;
    }

    private Behaviour Common(LimitProgram.Node node, int first, Behaviour even)
    {
        var common = Behaviour.Zero;
        for (var k = first; k < node.Operands.Length && !common.IsLost; k++)
            common = Joined(common, AsElement(this.Operand(node, k), even), node.Expression);
        return common;
    }

    private Behaviour Rotated(LimitProgram.Node node, Rule rule)
    {
        var e = node.Expression;
        switch (rule)
        {
            case Rule.Alike or Rule.Difference:
                return this.Common(node, 0, Behaviour.Same);
            case Rule.Product:
                return this.RotatedProduct(node);
            case Rule.Fused:
                return this.RotatedProduct(node) is { IsLost: false } product ? Joined(product, this.Operand(node, 2), e) : this.RotatedProduct(node);
            case Rule.Quotient:
                return this.Operand(node, 0).IsZero || this.Operand(node, 1).IsZero ? Behaviour.Zero
                    : this.Operand(node, 1).Kind == BehaviourKind.Same ? this.Operand(node, 0)
                    : Behaviour.None(e, "each element has a divisor of its own");
            case Rule.Keep:
                return this.Operand(node, 0);
            case Rule.Power when e.Operands[1].IsConstant(2) && this.Operand(node, 0).Kind == BehaviourKind.Odd:
                return Behaviour.Square;
            case Rule.Function or Rule.Power:
                return this.AllAre(node, BehaviourKind.Same) ? Behaviour.Same : Behaviour.None(e, "each element is taken by itself");
            case Rule.Choice:
                return this.Lost(node) ?? this.Common(node, 1, Behaviour.Same);
            case Rule.Equality:
                return this.AllAre(node, BehaviourKind.Same) ? Behaviour.Same : Behaviour.Unknown(e, "equality hardly ever holds");
            case Rule.Logic:
                return Behaviour.Same;
            case Rule.Sum:
                return this.Operand(node, 0).Kind switch
                {
                    BehaviourKind.Square => Behaviour.Same,
                    BehaviourKind.Odd => Behaviour.None(e, "elements are added up that turn into each other"),
                    _ => this.Operand(node, 0),
                };
            default:
                return Behaviour.None(e, "nothing is known of it");
        }
    }

    private Behaviour RotatedProduct(LimitProgram.Node node)
    {
        var (a, b) = (this.Operand(node, 0), this.Operand(node, 1));
        if (a.IsZero || b.IsZero)
            return Behaviour.Zero;
        if (a.Kind == BehaviourKind.Same)
            return b;
        if (b.Kind == BehaviourKind.Same)
            return a;
        return a.Kind == BehaviourKind.Odd && b.Kind == BehaviourKind.Odd ? Behaviour.Square : Behaviour.None(node.Expression, "each element has a factor of its own");
    }

    /// <summary>A function of each element moves with its elements, and a sum over all of them stays.</summary>
    private Behaviour Permuted(LimitProgram.Node node, Rule rule)
    {
        if (rule == Rule.Sum)
            return Behaviour.Same;
        if (rule is not (Rule.Function or Rule.Product or Rule.Quotient or Rule.Logic))
            return Behaviour.None(node.Expression, "nothing is known of it");
        if (this.Lost(node) is { } lost)
            return node.Expression.Operation != Operation.Sign ? lost : Behaviour.Unknown(node.Expression, "the sign may forget what was lost");
        for (var k = 0; k < node.Operands.Length; k++)
        {
            if (this.Operand(node, k).Kind == BehaviourKind.Odd)
                return Behaviour.Odd;
        }

        return Behaviour.Same;
    }
}
