using OptBias.Generators.Programs;

namespace OptBias.Generators.Emission;

/// <summary>Prints what is the same for all elements as C# on doubles.</summary>
internal sealed class HostPrinter : ExpressionPrinter
{
    /// <summary>The variable with a carried number as the last step has left it.</summary>
    public static string Before(CarriedNumber number) => number.Symbol.Identifier;

    /// <summary>The variable with what becomes of it.</summary>
    public static string After(CarriedNumber number) => number.Symbol.Identifier + "Next";

    protected override Printed PrintOperation(Expression e) => e.Operation switch
    {
        Operation.Constant => new(Text.Literal(e.Value), Text.HasSign(e.Value) ? Binding.Unary : Binding.Atom),
        Operation.Hyper => new(e.Hyperparameter.Symbol.Identifier, Binding.Atom),
        Operation.Step => new("t", Binding.Atom),
        Operation.PerStep => new($"{e.PerStep.Method}({string.Join(", ", e.PerStep.Arguments(e.Operands.Select(o => this.Print(o).Text), number => "ref " + After(number)))})", Binding.Atom),
        Operation.Shape => new("shape." + e.Shape, Binding.Atom),
        Operation.Carried => new(Before(e.Carried), Binding.Atom),
        Operation.Add => this.Infix(e, "+", Binding.Sum),
        Operation.Subtract => this.Infix(e, "-", Binding.Sum),
        Operation.Multiply => this.Infix(e, "*", Binding.Product),
        Operation.Divide => this.Infix(e, "/", Binding.Product),
        Operation.Negate => new("-" + this.Operand(e, 0, Binding.Atom), Binding.Unary),
        Operation.Less => this.Infix(e, "<", Binding.Comparison),
        Operation.Equal when e.Operands[0] == e.Operands[1] => new($"!double.IsNaN({this.Print(e.Operands[0]).Text})", Binding.Unary),
        Operation.LessOrEqual => this.Infix(e, "<=", Binding.Comparison),
        Operation.Equal => this.Infix(e, "==", Binding.Comparison),
        Operation.And => new($"{this.Operand(e, 0, Binding.Unary)} && {this.Operand(e, 1, Binding.Unary)}", Binding.Choice),
        Operation.Or => new($"{this.Operand(e, 0, Binding.Unary)} || {this.Operand(e, 1, Binding.Unary)}", Binding.Choice),
        Operation.Not => new("!" + this.Operand(e, 0, Binding.Atom), Binding.Unary),
        Operation.Select => new($"{this.Operand(e, 0, Binding.Comparison)} ? {this.Operand(e, 1, Binding.Unary)} : {this.Operand(e, 2, Binding.Unary)}", Binding.Choice),
        _ => Intrinsics.Of(e.Operation) is { } row ? this.Fill(e, row.Host) : throw Unknown(e),
    };
}
