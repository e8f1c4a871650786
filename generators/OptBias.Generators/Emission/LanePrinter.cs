using OptBias.Generators.Programs;

namespace OptBias.Generators.Emission;

/// <summary>Prints elementwise work as C# over lanes <c>V</c>: 8 or 16 numbers at once, or one in the tail.</summary>
internal sealed class LanePrinter : ExpressionPrinter
{
    /// <summary>The name of an exponent that is the same for all lanes.</summary>
    public Func<Expression, string> ExponentOf { get; set; } = _ => "";

    protected override Printed PrintOperation(Expression e) => e.Operation switch
    {
        Operation.Constant => new($"V.Broadcast({Text.Literal(e.Value)})", Binding.Atom),
        Operation.Add => this.Infix(e, "+", Binding.Sum),
        Operation.Subtract => this.Infix(e, "-", Binding.Sum),
        Operation.Multiply => this.Infix(e, "*", Binding.Product),
        Operation.Divide => this.Infix(e, "/", Binding.Product),
        Operation.Negate => new("-" + this.Operand(e, 0, Binding.Atom), Binding.Unary),
        Operation.Power when e.Operands[1].IsUniform() => new($"V.Pow({this.Print(e.Operands[0]).Text}, {this.ExponentOf(e.Operands[1])})", Binding.Atom),
        Operation.Less => this.Call(e, "V.Less"),
        Operation.LessOrEqual => this.Call(e, "V.LessOrEqual"),
        Operation.Equal => this.Call(e, "V.Equal"),
        Operation.And => this.Call(e, "V.And"),
        Operation.Or => this.Call(e, "V.Or"),
        Operation.Not => this.Call(e, "V.Not"),
        Operation.Select => this.Call(e, "V.Select"),
        _ => Intrinsics.Of(e.Operation) is { } row ? this.Fill(e, row.Lanes) : throw Unknown(e),
    };
}
