using OptBias.Generators.Programs;

namespace OptBias.Generators.Emission;

/// <summary>The update rule as a list of equations, in the order in which the values come to be.</summary>
internal static class Equations
{
    /// <summary>Operations in one equation; what is longer gets intermediate results a₁, a₂, ...</summary>
    private const int LongestLine = 120;

    public static IReadOnlyList<string> Of(UpdateProgram program, bool latex)
    {
        var printer = new FormulaPrinter(latex);
        var stored = new Dictionary<Expression, TensorSlot>();
        foreach (var store in program.Stores)
        {
            if (!stored.ContainsKey(store.Value))
                stored.Add(store.Value, store.Target);
        }

        var parts = new Dictionary<Expression, string>();
        foreach (var part in LongExpressions.Cuts(program.Stores.Select(s => s.Value), e => NameOf(e, stored, printer) is not null, _ => false, LongestLine))
            parts.Add(part, printer.Numbered("a", parts.Count + 1));
        printer.NameOf = e => parts.TryGetValue(e, out var part) ? part : NameOf(e, stored, printer);
        var lines = new List<string>();
        var defined = new HashSet<MatrixSlot>();
        foreach (var e in Ordered(program))
        {
            if (e.Operation == Operation.Matrix && e.Matrix.Slot is { } slot && defined.Add(slot))
                lines.AddRange(slot.Equations.Select(f => latex ? f.Latex : f.Unicode));
            if (e.IsCarrying() && printer.NameOf(e) is { } number)
                lines.Add($"{string.Join(", ", e.PerStep.Carried.Select(c => printer.Timed(c.Symbol, after: true)).Prepend(number))} {(latex ? "&= " : "= ")}{printer.Define(e)}");
            else if (printer.NameOf(e) is { } name && e.Operation != Operation.Load && printer.Define(e) is var definition && definition != name)
                lines.Add($"{name} {(latex ? "&= " : "= ")}{definition}");
        }

        // Two tensors may hold one value, and one may hold another's or a number: no line above says so.
        foreach (var store in program.Stores.Where(s => stored[s.Value] != s.Target || s.Value.Operation == Operation.Load || s.Value.IsUniform()))
            lines.Add($"{printer.Timed(store.Target, after: true)} {(latex ? "&= " : "= ")}{printer.Print(store.Value).Text}");

        // Between steps everything is as the last one has left it.
        if (program.EvaluationPoint is { } point)
        {
            printer.NameOf = e => e.Operation == Operation.Load ? printer.Timed(e.Tensor, after: true) : null;
            lines.Add($"{printer.EvaluatedParameter} {(latex ? "&= " : "= ")}{printer.Print(point).Text}");
        }

        return lines;
    }

    private static string? NameOf(Expression e, Dictionary<Expression, TensorSlot> stored, FormulaPrinter printer)
    {
        if (e.IsUniform())
            return e.IsNamedNumber() ? printer.Name(e.Symbol!) : null;
        if (stored.TryGetValue(e, out var target) && e.Operation != Operation.Load)
            return printer.Timed(target, after: true);
        return e.Symbol is { } symbol && e.Operation != Operation.Load ? printer.Name(symbol) : null;
    }

    private static IEnumerable<Expression> Ordered(UpdateProgram program)
    {
        var seen = new HashSet<Expression>();
        var ordered = new List<Expression>();
        void Visit(Expression e)
        {
            if (!seen.Add(e))
                return;
            foreach (var operand in e.Operands)
                Visit(operand);
            ordered.Add(e);
        }

        foreach (var store in program.Stores)
            Visit(store.Value);
        return ordered;
    }
}
