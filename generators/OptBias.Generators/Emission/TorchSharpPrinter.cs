using OptBias.Generators.Programs;

namespace OptBias.Generators.Emission;

/// <summary>Prints elementwise work as TorchSharp operations on whole tensors.</summary>
internal sealed class TorchSharpPrinter : ExpressionPrinter
{
    private const string Operations = "global::OptBias.Kernels.TensorOperations.";

    protected override Printed PrintOperation(Expression e) => e.Operation switch
    {
        Operation.Constant => new(Text.Literal(e.Value), Text.HasSign(e.Value) ? Binding.Unary : Binding.Atom),
        Operation.Add => this.Infix(e, "+", Binding.Sum),
        Operation.Subtract => this.Infix(e, "-", Binding.Sum),
        Operation.Multiply => this.Infix(e, "*", Binding.Product),
        Operation.Divide => this.Infix(e, "/", Binding.Product),
        Operation.Negate => new("-" + this.Operand(e, 0, Binding.Atom), Binding.Unary),
        Operation.Power when e.Operands[0].IsUniform() => this.Call(e, Operations + "Pow"),
        Operation.Less => this.Call(e, Operations + "Less"),
        Operation.LessOrEqual => this.Call(e, Operations + "LessOrEqual"),
        Operation.Equal => this.Call(e, Operations + "Equal"),
        Operation.And => this.Call(e, Operations + "And"),
        Operation.Or => this.Call(e, Operations + "Or"),
        Operation.Not => this.Call(e, Operations + "Not"),
        Operation.Select when e.Operands[1].IsUniform() && e.Operands[2].IsUniform() => this.Call(e, "x.Select"),
        Operation.Select => this.Call(e, Operations + "Select"),
        _ => Intrinsics.Of(e.Operation) is { } row ? this.Fill(e, row.Torch.Replace("O.", Operations)) : throw Unknown(e),
    };
}
