using OptBias.Generators.Programs;

namespace OptBias.Generators.Emission;

/// <summary>
/// Prints elementwise work as CUDA C on <c>Real</c>. Products and sums stay apart: compilers are told not to contract them, and
/// only <see cref="Operation.FusedMultiplyAdd"/> is printed as <c>fma</c>.
/// </summary>
internal sealed class CudaPrinter : ExpressionPrinter
{
    /// <summary>A double as a literal of the kernel's arithmetic type, rounded once.</summary>
    public static string Literal(double value) => double.IsNaN(value) || double.IsInfinity(value)
        ? $"Real(from_bits(0x{BitConverter.DoubleToInt64Bits(value):x16}ull))"
        : $"Real({Text.Literal(value)})";

    protected override Printed PrintOperation(Expression e) => e.Operation switch
    {
        Operation.Constant => new(Literal(e.Value), Binding.Atom),
        Operation.Add => this.Infix(e, "+", Binding.Sum),
        Operation.Subtract => this.Infix(e, "-", Binding.Sum),
        Operation.Multiply => this.Infix(e, "*", Binding.Product),
        Operation.Divide => this.Infix(e, "/", Binding.Product),
        Operation.Negate => new("-" + this.Operand(e, 0, Binding.Atom), Binding.Unary),
        Operation.Power when e.Operands[1].IsUniform() => this.Call(e, "power"),
        Operation.Less => this.Infix(e, "<", Binding.Comparison),
        Operation.LessOrEqual => this.Infix(e, "<=", Binding.Comparison),
        Operation.Equal => this.Infix(e, "==", Binding.Comparison),
        Operation.And => this.Infix(e, "&&", Binding.Choice),
        Operation.Or => this.Infix(e, "||", Binding.Choice),
        Operation.Not => new("!" + this.Operand(e, 0, Binding.Atom), Binding.Unary),
        Operation.Select => new($"{this.Operand(e, 0, Binding.Comparison)} ? {this.Operand(e, 1, Binding.Unary)} : {this.Operand(e, 2, Binding.Unary)}", Binding.Choice),
        _ => Intrinsics.Of(e.Operation) is { } row ? this.Fill(e, row.Cuda) : throw Unknown(e),
    };
}
