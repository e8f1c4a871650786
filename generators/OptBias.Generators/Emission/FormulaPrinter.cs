using OptBias.Generators.Declarations;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Emission;

/// <summary>Prints mathematics: the same walk in Unicode, for comments and tooltips, and in LaTeX.</summary>
internal sealed class FormulaPrinter(bool latex) : ExpressionPrinter
{
    /// <summary>A tensor's symbol after the step, or before it.</summary>
    public string Timed(TensorSlot tensor, bool after)
    {
        var symbol = tensor.Symbol;
        return tensor.Role is TensorRole.Gradient or TensorRole.Workspace ? (latex ? symbol.Latex : symbol.Unicode) : this.Timed(symbol, after);
    }

    /// <summary>The parameter while one evaluates.</summary>
    public string EvaluatedParameter => latex ? "\\theta_{\\mathrm{eval}}" : "θₑᵥₐₗ";

    /// <summary>A symbol before or after the step.</summary>
    public string Timed(Symbol symbol, bool after) => latex
        ? (symbol.Latex.Contains('_') ? $"{{{symbol.Latex}}}" : symbol.Latex) + (after ? "_t" : "_{t-1}")
        : symbol.Unicode + (after ? "ₜ" : "ₜ₋₁");

    /// <summary>A letter with a number below it.</summary>
    public string Numbered(string letter, int number) => latex
        ? $"{letter}_{{{Text.Integer(number)}}}"
        : letter + string.Concat(Text.Integer(number).Select(digit => (char)('₀' + (digit - '0'))));

    public string Name(Symbol symbol) => latex ? symbol.Latex : symbol.Unicode;

    protected override Printed PrintOperation(Expression e) => e.Operation switch
    {
        Operation.Constant => new(this.Number(e.Value), e.Value < 0 ? Binding.Unary : Binding.Atom),
        Operation.Hyper => new(this.Name(e.Hyperparameter.Symbol), Binding.Atom),
        Operation.Step => new("t", Binding.Atom),
        Operation.PerStep => new($"{this.FunctionName(e.PerStep.Name)}({string.Join(", ", e.PerStep.Arguments(e.Operands.Select(o => this.Print(o).Text), number => this.Timed(number.Symbol, after: false)))})", Binding.Atom),
        Operation.Shape => new(latex ? "\\text{" + e.Shape.ToString().ToLowerInvariant() + "}" : e.Shape.ToString().ToLowerInvariant(), Binding.Atom),
        Operation.Load => new(this.Timed(e.Tensor, after: false), Binding.Atom),
        Operation.Carried => new(this.Timed(e.Carried.Symbol, after: false), Binding.Atom),
        Operation.Add => this.Additive(e, "+"),
        Operation.Subtract => this.Additive(e, latex ? "-" : "−"),
        Operation.Multiply => this.Product(e),
        Operation.Divide => this.Quotient(e.Operands[0], e.Operands[1]),
        Operation.Negate => new((latex ? "-" : "−") + this.Operand(e, 0, Binding.Unary), Binding.Unary),
        Operation.FusedMultiplyAdd => new($"{this.Operand(e, 0, Binding.Product)} {this.Operand(e, 1, Binding.Product)} + {this.Operand(e, 2, Binding.Product)}", Binding.Sum),
        Operation.Sqrt => this.Root(e),
        Operation.Power => this.Raise(this.Operand(e, 0, Binding.Atom), e.Operands[1]),
        Operation.Less => this.Relation(e, "<"),
        Operation.LessOrEqual => this.Relation(e, latex ? "\\le" : "≤"),
        Operation.Equal => this.Relation(e, "="),
        Operation.And => this.Logic(e, latex ? "\\land" : "and"),
        Operation.Or => this.Logic(e, latex ? "\\lor" : "or"),
        Operation.Not => new((latex ? "\\lnot " : "not ") + this.Operand(e, 0, Binding.Atom), Binding.Unary),
        Operation.Select => this.Choice(e),
        Operation.Sum => new(this.SumText(e), Binding.Atom),
        Operation.Matrix => this.MatrixText(e),
        _ => Intrinsics.Of(e.Operation) is { } row ? this.Fill(e, latex ? row.Latex : row.Unicode) : throw Unknown(e),
    };

    private string Number(double value)
    {
        var text = Text.Number(value);
        var exponent = text.IndexOf('e');
        if (!latex)
            return text.Replace('-', '−');
        return exponent < 0 ? text : $"{text.Substring(0, exponent)} \\cdot 10^{{{text.Substring(exponent + 1)}}}";
    }

    private Printed Additive(Expression e, string symbol) =>
        new($"{this.Operand(e, 0, Binding.Sum)} {symbol} {this.Operand(e, 1, Binding.Product)}", Binding.Sum);

    private Printed Product(Expression e)
    {
        var (a, b) = (e.Operands[0], e.Operands[1]);
        if (a == b)
            return new(this.Squared(a), Binding.Atom);
        if (IsReciprocal(b) && this.NameOf(b) is null)
            return this.Quotient(a, b.Operands[1]);

        // (x g) g, as it is written from left to right, is x g².
        if (a.Operation == Operation.Multiply && this.NameOf(a) is null && a.Operands[1] == b)
            return new($"{this.Print(a.Operands[0]).Within(Binding.Product)} {this.Squared(b)}", Binding.Product);
        return new($"{this.Print(a).Within(Binding.Product)} {this.Print(b).Within(Binding.Unary)}", Binding.Product);
    }

    private static bool IsReciprocal(Expression e) => e.Operation == Operation.Divide && e.Operands[0].IsConstant(1);

    private string Squared(Expression e)
    {
        var operand = this.Print(e).Within(Binding.Atom);
        if (latex)
            return $"{{{operand}}}^2";

        // A subscript already sits where the exponent would: (mₜ₋₁)² reads better than mₜ₋₁².
        return operand.EndsWith("ₜ", StringComparison.Ordinal) || operand.EndsWith("₁", StringComparison.Ordinal) ? $"({operand})²" : operand + "²";
    }

    private Printed Quotient(Expression a, Expression b) => latex
        ? new($"\\frac{{{this.Print(a).Text}}}{{{this.Print(b).Text}}}", Binding.Atom)
        : new($"{this.Print(a).Within(Binding.Product)} / {this.Print(b).Within(Binding.Atom)}", Binding.Product);

    private Printed Root(Expression e)
    {
        // A root of a sum of squares is a norm.
        if (e.Operands[0] is { Operation: Operation.Sum } sum && sum.Operands[0] is { Operation: Operation.Multiply } square && square.Operands[0] == square.Operands[1])
        {
            var bars = latex ? (Open: "\\lVert ", Close: " \\rVert") : (Open: "‖", Close: "‖");
            var reach = sum.Scope == SumScope.Global ? (latex ? "_{\\text{all}}" : "ₐₗₗ") : "";
            return new(bars.Open + this.Print(square.Operands[0]).Text + bars.Close + reach, Binding.Atom);
        }

        if (e.Operands[0] is { Operation: Operation.Divide } mean && mean.Operands[1] is { Operation: Operation.Shape, Shape: ShapeNumber.Elements }
            && mean.Operands[0] is { Operation: Operation.Sum } total && total.Operands[0] is { Operation: Operation.Multiply } terms && terms.Operands[0] == terms.Operands[1])
            return new($"{(latex ? "\\operatorname{RMS}" : "RMS")}({this.Print(terms.Operands[0]).Text})", Binding.Atom);

        return latex
            ? new($"\\sqrt{{{this.Print(e.Operands[0]).Text}}}", Binding.Atom)
            : new("√" + this.Operand(e, 0, Binding.Atom), Binding.Atom);
    }

    private Printed Raise(string power, Expression exponent)
    {
        var text = this.Print(exponent);
        if (latex)
            return new($"{{{power}}}^{{{text.Text}}}", Binding.Atom);
        return new(text.Text == "t" ? power + "ᵗ" : $"{power}^{(text.Binding == Binding.Atom ? text.Text : "(" + text.Text + ")")}", Binding.Atom);
    }

    private Printed Relation(Expression e, string symbol) =>
        new($"{this.Operand(e, 0, Binding.Sum)} {symbol} {this.Operand(e, 1, Binding.Sum)}", Binding.Comparison);

    private Printed Logic(Expression e, string word) =>
        new($"{this.Operand(e, 0, Binding.Comparison)} {word} {this.Operand(e, 1, Binding.Comparison)}", Binding.Choice);

    private Printed Choice(Expression e) => latex
        ? new($"\\begin{{cases}} {this.Print(e.Operands[1]).Text} & {this.Print(e.Operands[0]).Text} \\\\ {this.Print(e.Operands[2]).Text} & \\text{{otherwise}} \\end{{cases}}", Binding.Atom)
        : new($"{this.Operand(e, 1, Binding.Sum)} if {this.Print(e.Operands[0]).Text} else {this.Operand(e, 2, Binding.Sum)}", Binding.Choice);

    private string SumText(Expression e)
    {
        var over = e.Scope != SumScope.Global ? "" : latex ? "_{\\text{all}}" : "ₐₗₗ";
        return $"{(latex ? "\\sum" : "Σ")}{over} {this.Operand(e, 0, Binding.Product)}";
    }

    /// <summary>A user's function: β₂(t) where its name is a letter, else spelled.</summary>
    private string FunctionName(string name)
    {
        var symbol = UserSymbols.Of(name);
        return !latex ? symbol.Unicode : symbol.Unicode == name ? $"\\operatorname{{{Naming.ToLatex(name)}}}" : symbol.Latex;
    }

    /// <summary>An operand that is all of a function's argument needs no parentheses of its own.</summary>
    private Printed MatrixText(Expression e)
    {
        var text = latex ? e.Matrix.Result.Latex : e.Matrix.Result.Unicode;
        if (text == "{0}")
            return this.Print(e.Operands[0]);
        var isCall = text.EndsWith("({0})", StringComparison.Ordinal);
        return new(this.Fill(e, text, isCall ? Binding.Choice : Binding.Unary).Text, isCall ? Binding.Atom : Binding.Product);
    }
}
