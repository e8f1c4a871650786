using OptBias.Generators.Programs;

namespace OptBias.Generators.Bias;

/// <summary>
/// With which order values vanish where an element of the parameter is zero: 1 of θ, 0 of g. Where the update vanishes at least as
/// fast as the position that it moves, the exact flow does not reach zero, and no element changes its sign. State is taken as it is
/// when the flow is slow: as what is stored in it.
/// </summary>
internal sealed class ZeroReading : Reading
{
    public ZeroReading(Readings readings)
        : base(readings) => this.Solve();

    protected override Behaviour Join(Behaviour before, Behaviour after, Expression stored) => Least(before, after);

    protected override Behaviour Of(LimitProgram.Node node)
    {
        var e = node.Expression;
        switch (this.Table[e.Operation].AtZero)
        {
            case Rule.Number:
                return e.Operation == Operation.Constant && e.Value == 0 ? Behaviour.Zero : Behaviour.Of(0);
            case Rule.Unknown:
                return Carried(node);
            case Rule.Load:
                return node.State >= 0 ? this.State(node) : Behaviour.Of(e.Tensor.Role == TensorRole.Parameter ? 1 : 0);
            case Rule.Alike or Rule.Difference:
                return this.Least(node, 0);
            case Rule.Clamp or Rule.Extremum:
                return node.Clamped >= 0 ? this.Clamped(node) : this.Least(node, 0);
            case Rule.Choice:
                return this.Operand(node, 0).IsLost && this.Operand(node, 1) != this.Operand(node, 2) ? this.Operand(node, 0) : this.Least(node, 1);
            case Rule.Product:
                return Times(this.Operand(node, 0), this.Operand(node, 1), 1);
            case Rule.Quotient:
                return Times(this.Operand(node, 0), this.Operand(node, 1), -1);
            case Rule.Fused:
                return Least(Times(this.Operand(node, 0), this.Operand(node, 1), 1), this.Operand(node, 2));
            case Rule.Keep or Rule.CopySign:
                return this.Operand(node, 0);
            case Rule.BentFunction:
                return this.Operand(node, 0) is { Kind: BehaviourKind.Number, Number: <= 0 } ? Behaviour.Of(0) : this.Operand(node, 0);
            case Rule.Root:
                return Raised(this.Operand(node, 0), 0.5);
            case Rule.Power:
                return Raised(this.Operand(node, 0), e.Operands[1].Number());
            case Rule.Matrix when e.Matrix.Behaviour is { IsEven: false } behaviour && (behaviour.Elements & Maps.Signs) != 0:
                return this.Operand(node, 0);
            case Rule.Sum or Rule.Matrix or Rule.Sign:
                return this.Operand(node, 0).IsZero ? Behaviour.Zero : Behaviour.Of(0);
            case Rule.Order:
                return this.Least(node, 0) is { Kind: BehaviourKind.Number, Number: 0 } && this.MostIsZero(node) ? Behaviour.Of(0) : Behaviour.Unknown(e, "near zero it is always decided alike");
            case Rule.Logic:
                return this.Lost(node) ?? Behaviour.Of(0);
            case Rule.Function:
                return Behaviour.Of(0);
            default:
                return Behaviour.Unknown(e, "nothing is known of it");
        }
    }

    private static Behaviour Least(Behaviour a, Behaviour b) =>
        a.IsZero ? b : b.IsZero ? a : a.IsLost ? a : b.IsLost ? b : a.Number <= b.Number ? a : b;

    private static Behaviour Times(Behaviour a, Behaviour b, int sign) =>
        a.IsZero || b.IsZero ? Behaviour.Zero : a.IsLost ? a : b.IsLost ? b : Behaviour.Of(a.Number + (sign * b.Number));

    private static Behaviour Raised(Behaviour a, double exponent) =>
        a.Kind != BehaviourKind.Number ? a : a.Number == 0 ? a : double.IsNaN(exponent) ? Behaviour.Of(0) : Behaviour.Of(a.Number * exponent);

    /// <summary>Whether no operand vanishes where the parameter does; a literal zero does not count.</summary>
    private bool MostIsZero(LimitProgram.Node node)
    {
        for (var k = 0; k < node.Operands.Length; k++)
        {
            if (this.Operand(node, k) is { Kind: BehaviourKind.Number, Number: not 0 } or { IsLost: true })
                return false;
        }

        return true;
    }

    private Behaviour Least(LimitProgram.Node node, int first)
    {
        var least = Behaviour.Zero;
        for (var k = first; k < node.Operands.Length; k++)
            least = Least(least, this.Operand(node, k));
        return least;
    }
}
