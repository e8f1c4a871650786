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
        Operation.FusedMultiplyAdd => this.Call(e, "V.FusedMultiplyAdd"),
        Operation.Sqrt => this.Call(e, "V.Sqrt"),
        Operation.Power when e.Operands[1].IsUniform() => new($"V.Pow({this.Print(e.Operands[0]).Text}, {this.ExponentOf(e.Operands[1])})", Binding.Atom),
        Operation.Power => this.Call(e, "V.Pow"),
        Operation.Abs => this.Call(e, "V.Abs"),
        Operation.Sign => this.Call(e, "V.Sign"),
        Operation.Min => this.Call(e, "V.Min"),
        Operation.Max => this.Call(e, "V.Max"),
        Operation.Less => this.Call(e, "V.Less"),
        Operation.LessOrEqual => this.Call(e, "V.LessOrEqual"),
        Operation.Equal => this.Call(e, "V.Equal"),
        Operation.Select => this.Call(e, "V.Select"),
        _ => throw Unknown(e),
    };
}
