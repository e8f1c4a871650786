using OptBias.Generators.Programs;

namespace OptBias.Generators.Emission;

/// <summary>Prints elementwise work as TorchSharp operations on whole tensors.</summary>
internal sealed class TorchSharpPrinter : ExpressionPrinter
{
    private const string Operations = "global::OptBias.Kernels.TensorOperations.";

    protected override Printed PrintOperation(Expression e) => e.Operation switch
    {
        Operation.Constant => new(Text.Literal(e.Value), e.Value < 0 ? Binding.Unary : Binding.Atom),
        Operation.Add => this.Infix(e, "+", Binding.Sum),
        Operation.Subtract => this.Infix(e, "-", Binding.Sum),
        Operation.Multiply => this.Infix(e, "*", Binding.Product),
        Operation.Divide => this.Infix(e, "/", Binding.Product),
        Operation.Negate => new("-" + this.Operand(e, 0, Binding.Atom), Binding.Unary),
        Operation.Sqrt => new(this.Operand(e, 0, Binding.Atom) + ".sqrt()", Binding.Atom),
        Operation.Power => new($"{this.Operand(e, 0, Binding.Atom)}.pow({this.Operand(e, 1, Binding.Choice)})", Binding.Atom),
        Operation.Abs => new(this.Operand(e, 0, Binding.Atom) + ".abs()", Binding.Atom),
        Operation.Sign => new(this.Operand(e, 0, Binding.Atom) + ".sign()", Binding.Atom),
        Operation.FusedMultiplyAdd => this.Call(e, Operations + "FusedMultiplyAdd"),
        Operation.Min => this.Call(e, Operations + "Min"),
        Operation.Max => this.Call(e, Operations + "Max"),
        Operation.Less => this.Call(e, Operations + "Less"),
        Operation.LessOrEqual => this.Call(e, Operations + "LessOrEqual"),
        Operation.Equal => this.Call(e, Operations + "Equal"),
        Operation.Select => this.Call(e, Operations + "Select"),
        _ => throw Unknown(e),
    };
}
