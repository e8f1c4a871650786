using OptBias.Generators.Programs;

namespace OptBias.Generators.Bias;

/// <summary>Whether the parameter is read but for θ − η u: what moves with it, and what stays, when the start is moved.</summary>
internal sealed class OriginReading : Reading
{
    public OriginReading(Readings readings)
        : base(readings) => this.Solve();

    /// <summary>What the parameter becomes: it must move as it was moved.</summary>
    public Behaviour Parameter => this.Of(this.Program.Nodes[this.Program.Stores[this.Program.Stores.Count - 1].Value].Expression);

    protected override Behaviour Join(Behaviour before, Behaviour after, Expression stored) =>
        before.IsZero ? after : before.IsLost ? before : before == after ? before : Behaviour.None(stored, "state holds what is read of the parameter");

    protected override Behaviour Of(LimitProgram.Node node)
    {
        var e = node.Expression;
        var moving = 0;
        for (var k = 0; k < node.Operands.Length; k++)
            moving += this.Operand(node, k).Kind == BehaviourKind.Shifted ? 1 : 0;
        switch (this.Table[e.Operation].Origin)
        {
            case Rule.Number:
                return Behaviour.Same;
            case Rule.Unknown:
                return Carried(node);
            case Rule.Load:
                return node.State >= 0 ? this.State(node) : e.Tensor.Role == TensorRole.Parameter ? Behaviour.Shifted : Behaviour.Same;
            case Rule.Alike when moving <= 1:
                return this.Lost(node) ?? (moving == 1 ? Behaviour.Shifted : Behaviour.Same);
            case Rule.Difference when moving is 0 or 2:
                return this.Lost(node) ?? Behaviour.Same;
            case Rule.Difference when this.Operand(node, 0).Kind == BehaviourKind.Shifted:
                return this.Lost(node) ?? Behaviour.Shifted;
            case Rule.Choice when this.Operand(node, 0).Kind != BehaviourKind.Shifted && moving is 0 or 2:
                return this.Lost(node) ?? this.Operand(node, 1);
            case Rule.Function or Rule.Logic or Rule.Sum or Rule.Matrix when moving == 0:
                return this.Lost(node) ?? Behaviour.Same;
            case Rule.Equality:
                return this.Lost(node) ?? (moving == 0 ? Behaviour.Same : Behaviour.Unknown(e, "equality hardly ever holds"));
            default:
                return Behaviour.None(e, "the parameter itself is read");
        }
    }
}
