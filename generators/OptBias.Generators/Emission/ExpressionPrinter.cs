using OptBias.Generators.Programs;

namespace OptBias.Generators.Emission;

/// <summary>A printed expression and how tightly it binds.</summary>
internal readonly record struct Printed(string Text, Binding Binding)
{
    /// <summary>The text, in parentheses unless it binds at least as tightly as its surroundings.</summary>
    public string Within(Binding surroundings) => this.Binding >= surroundings ? this.Text : "(" + this.Text + ")";
}

/// <summary>How tightly an operator binds.</summary>
internal enum Binding
{
    Choice,
    Comparison,
    Sum,
    Product,
    Unary,
    Atom,
}

/// <summary>
/// Prints expressions in one notation. A printer knows how to print an operation, and nothing else; it is told what already
/// has a name.
/// </summary>
internal abstract class ExpressionPrinter
{
    /// <summary>The name under which a value is already at hand, if it is.</summary>
    public Func<Expression, string?> NameOf { get; set; } = _ => null;

    public Printed Print(Expression expression) =>
        this.NameOf(expression) is { } name ? new(name, Binding.Atom) : this.PrintOperation(expression);

    /// <summary>Prints the operation itself even where the value has a name: the right-hand side of its definition.</summary>
    public string Define(Expression expression) => this.PrintOperation(expression).Text;

    protected abstract Printed PrintOperation(Expression expression);

    protected string Operand(Expression expression, int index, Binding surroundings) =>
        this.Print(expression.Operands[index]).Within(surroundings);

    /// <summary>
    /// An infix operator with operands in parentheses unless they are atoms: which operation comes first is then plain to
    /// see, and floating-point arithmetic depends on it.
    /// </summary>
    protected Printed Infix(Expression expression, string symbol, Binding binding) =>
        new($"{this.Operand(expression, 0, Binding.Unary)} {symbol} {this.Operand(expression, 1, Binding.Unary)}", binding);

    protected Printed Call(Expression expression, string function) =>
        new($"{function}({string.Join(", ", expression.Operands.Select(o => this.Print(o).Text))})", Binding.Atom);

    /// <summary>A row's text with the operands in their places: <c>{0}</c> as it stands, <c>[0]</c> in parentheses unless it is an atom.</summary>
    /// <param name="expression">Whose operands they are.</param>
    /// <param name="text">The text. <c>{1}</c> below or above a letter is LaTeX's, here and in what fills a place.</param>
    /// <param name="surroundings">How tightly the text around <c>{0}</c> binds.</param>
    protected Printed Fill(Expression expression, string text, Binding surroundings = Binding.Choice)
    {
        var filled = new System.Text.StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var isPlace = i + 2 < text.Length && char.IsDigit(text[i + 1]) && (i == 0 || text[i - 1] is not ('_' or '^')) && ((text[i] == '{' && text[i + 2] == '}') || (text[i] == '[' && text[i + 2] == ']'));
            if (!isPlace)
            {
                filled.Append(text[i]);
                continue;
            }

            filled.Append(this.Operand(expression, text[i + 1] - '0', text[i] == '[' ? Binding.Atom : surroundings));
            i += 2;
        }

        return new(filled.ToString(), Binding.Atom);
    }

    protected static Exception Unknown(Expression expression) =>
        new InvalidOperationException("No text for the operation " + expression.Operation + ".");
}
