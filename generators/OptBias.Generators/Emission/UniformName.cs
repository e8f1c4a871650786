using OptBias.Generators.Declarations;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Emission;

/// <summary>Finds a name for a value that is the same for all elements: <c>1 − β₁</c> is <c>oneMinusBeta1</c>.</summary>
internal static class UniformName
{
    private const int Longest = 32;
    private const int DeepestName = 4;

    public static string? Of(Expression e)
    {
        var name = Describe(e, 0);
        return name is null || name.Length > Longest ? null : name;
    }

    private static string? Describe(Expression e, int depth) => e switch
    {
        _ when depth > DeepestName => null,
        { Symbol: { } symbol } => symbol.Identifier,
        { Operation: Operation.Hyper } => e.Hyperparameter.Symbol.Identifier,
        { Operation: Operation.Carried } => e.Carried.Symbol.Identifier,
        { Operation: Operation.Constant } => Constant(e.Value),
        { Operation: Operation.Subtract } => Join(e, "Minus", depth),
        { Operation: Operation.Add } => Join(e, "Plus", depth),
        { Operation: Operation.Multiply } when e.Operands[0] == e.Operands[1] => Describe(e.Operands[0], depth + 1) is { } squared ? squared + "Squared" : null,
        { Operation: Operation.Multiply } => Join(e, "Times", depth),
        { Operation: Operation.Divide } => Join(e, "Over", depth),
        { Operation: Operation.Negate } => Describe(e.Operands[0], depth + 1) is { } negated ? "minus" + Naming.ToPascalCase(negated) : null,
        _ => null,
    };

    private static string? Join(Expression e, string word, int depth) =>
        Describe(e.Operands[0], depth + 1) is { } a && Describe(e.Operands[1], depth + 1) is { } b ? a + word + Naming.ToPascalCase(b) : null;

    private static string? Constant(double value) => value switch
    {
        0 => "zero",
        1 => "one",
        2 => "two",
        0.5 => "half",
        _ => null,
    };
}
