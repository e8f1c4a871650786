using OptBias.Generators.Emission;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Bias;

/// <summary>Says why a property is lost, with the formula in which it is.</summary>
internal sealed class ReasonText
{
    /// <summary>A longer formula tells less than its first word.</summary>
    private const int LongestFormula = 60;

    private readonly FormulaPrinter printer = new(latex: false);
    private readonly Dictionary<Expression, string> formulas = new();

    public ReasonText() => this.printer.NameOf = e => e.Symbol is { } symbol && e.Operation != Operation.Load && e != this.defined && !IsSpelledOut(e) ? this.printer.Name(symbol) : null;

    private Expression? defined;

    /// <summary>A number that no gradient has a part in has a name in code alone: equations spell it out.</summary>
    private static bool IsSpelledOut(Expression e) => e.IsUniform() && e.Level == 0 && e.Operation is not (Operation.Hyper or Operation.PerStep);

    /// <summary><c>each element is taken by itself: √v̂</c>.</summary>
    public string Of(Behaviour lost)
    {
        if (lost.Cause is null)
            return lost.Sentence ?? "the step does not change as the gradient does";
        var formula = this.Formula(lost.Cause);
        return formula.Length == 0 ? lost.Sentence! : $"{lost.Sentence}: {formula}";
    }

    private string Formula(Expression e)
    {
        if (!this.formulas.TryGetValue(e, out var formula))
        {
            this.defined = e;
            formula = this.printer.Define(e);
            if (formula.Length > LongestFormula)
                formula = e.Symbol is { } symbol ? this.printer.Name(symbol) : "";
            this.formulas.Add(e, formula);
        }

        return formula;
    }
}
