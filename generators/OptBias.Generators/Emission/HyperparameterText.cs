using OptBias.Generators.Programs;

namespace OptBias.Generators.Emission;

/// <summary>Writes hyperparameters as the runtime's values.</summary>
internal static class HyperparameterText
{
    public static void WriteArray(SourceWriter writer, IReadOnlyList<ProgramHyperparameter> hyperparameters)
    {
        using (writer.Open("Hyperparameters = new global::OptBias.Hyperparameter[]", "},"))
        {
            foreach (var h in hyperparameters)
                writer.Line(Of(h) + ",");
        }
    }

    private static string Of(ProgramHyperparameter h)
    {
        var text = $"new() {{ Name = {Text.Quote(h.Name)}, Default = {Text.Literal(h.Default)}";
        if (!double.IsInfinity(h.Range.Minimum))
            text += $", Minimum = {Text.Literal(h.Range.Minimum)}";
        if (!double.IsInfinity(h.Range.Maximum))
            text += $", Maximum = {Text.Literal(h.Range.Maximum)}";
        text += h.Range.ExcludesMinimum ? ", ExcludesMinimum = true" : "";
        text += h.Range.ExcludesMaximum ? ", ExcludesMaximum = true" : "";
        text += h.Range.IsInteger ? ", IsInteger = true" : "";
        return text + $", Description = {Text.Quote(h.Description)} }}";
    }
}
