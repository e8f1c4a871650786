using OptBias.Generators.Programs;

namespace OptBias.Generators.Emission;

/// <summary>Prints what is the same for all elements as C# on doubles.</summary>
internal sealed class HostPrinter : ExpressionPrinter
{
    protected override Printed PrintOperation(Expression e) => e.Operation switch
    {
        Operation.Constant => new(Text.Literal(e.Value), e.Value < 0 ? Binding.Unary : Binding.Atom),
        Operation.Hyper => new(e.Hyperparameter.Symbol.Identifier, Binding.Atom),
        Operation.Step => new("t", Binding.Atom),
        Operation.Shape => new("shape." + e.Shape, Binding.Atom),
        Operation.Add => this.Infix(e, "+", Binding.Sum),
        Operation.Subtract => this.Infix(e, "-", Binding.Sum),
        Operation.Multiply => this.Infix(e, "*", Binding.Product),
        Operation.Divide => this.Infix(e, "/", Binding.Product),
        Operation.Negate => new("-" + this.Operand(e, 0, Binding.Atom), Binding.Unary),
        Operation.FusedMultiplyAdd => this.Call(e, "global::System.Math.FusedMultiplyAdd"),
        Operation.Sqrt => this.Call(e, "global::System.Math.Sqrt"),
        Operation.Power => this.Call(e, "global::System.Math.Pow"),
        Operation.Abs => this.Call(e, "global::System.Math.Abs"),
        Operation.Sign => this.Call(e, "global::System.Math.Sign"),
        Operation.Min => this.Call(e, "global::System.Math.Min"),
        Operation.Max => this.Call(e, "global::System.Math.Max"),
        Operation.Less => this.Infix(e, "<", Binding.Comparison),
        Operation.LessOrEqual => this.Infix(e, "<=", Binding.Comparison),
        Operation.Equal => this.Infix(e, "==", Binding.Comparison),
        Operation.Select => new($"{this.Operand(e, 0, Binding.Comparison)} ? {this.Operand(e, 1, Binding.Unary)} : {this.Operand(e, 2, Binding.Unary)}", Binding.Choice),
        _ => throw Unknown(e),
    };
}
