using OptBias.Generators.Bias;
using OptBias.Generators.Declarations;

namespace OptBias.Generators.Emission;

/// <summary>A derived bias as the runtime's object, and in a sentence for whoever hovers over the class's name.</summary>
internal static class BiasText
{
    private const string Namespace = "global::OptBias.";

    /// <summary>Writes the property of the descriptor.</summary>
    public static void Write(SourceWriter writer, string rule, DerivedBias bias)
    {
        using (writer.Open($"Bias = {Namespace}OptimizerBias.Of(new {Namespace}RuleBias", "}),"))
        {
            writer.Line($"Rule = {Text.Quote(rule)},");
            writer.Line($"HasDegree = {Of(bias.HasDegree)},");
            if (bias.HasDegree == Answer.Yes)
                writer.Line($"Degree = {Text.Literal(bias.Degree)},");
            writer.Line($"SeesNoUnits = {Of(bias.SeesNoUnits)},");
            writer.Line($"Symmetries = {Of(bias.Symmetries)},");
            if (bias.Direction is { } direction)
                writer.Line($"Direction = {Of(direction)},");
            if (bias.Length is { } length)
                writer.Line($"Length = {Of(length)},");
            writer.Line($"SeesNoOrigin = {Of(bias.SeesNoOrigin)},");
            writer.Line($"KeepsSigns = {Of(bias.KeepsSigns)},");
            if (bias.Step.Norm != StepNorm.None)
                writer.Line($"Step = new({Namespace}StepNorm.{bias.Step.Norm.ToString()}, {Text.Literal(bias.Step.Value)}{(bias.Step.ScalesWithShape ? ", ScalesWithShape: true" : "")}),");
            if (bias.LargestSide is { } side)
                writer.Line($"LargestSide = {Text.Integer(side)},");
            if (bias.JudgedAtZero.Count > 0)
                writer.Line($"JudgedAtZero = [{string.Join(", ", bias.JudgedAtZero.Select(Text.Quote))}],");
            WriteNotes(writer, "Limits", "BiasLimit", bias.Limits);
            WriteNotes(writer, "Reasons", "BiasReason", bias.Reasons);
        }
    }

    /// <summary>What holds, in a few words.</summary>
    public static string Sentence(DerivedBias bias)
    {
        var degree = bias.HasDegree switch
        {
            Answer.Yes => $"degree {Degrees.Text(bias.Degree)} in the gradient",
            Answer.No => "no degree in the gradient",
            _ => "a degree in the gradient that is not known",
        };
        var parts = new List<string> { degree };
        if (bias.SeesNoUnits == Answer.Yes)
            parts.Add("sees no units");
        if (bias.Direction is { } direction && bias.Length is { } length)
        {
            parts.Add("its direction sees no " + Group(direction));
            parts.Add("its length no " + Group(length));
        }
        else
        {
            parts.Add("sees no " + Group(bias.Symmetries));
        }

        if (bias.SeesNoOrigin == Answer.No)
            parts.Add("depends on where the parameter is");
        if (bias.KeepsSigns == Answer.Yes)
            parts.Add("keeps the signs of parameters");
        var judged = bias.JudgedAtZero.Count > 0 ? $", where {string.Join(" and ", bias.JudgedAtZero)} {(bias.JudgedAtZero.Count == 1 ? "is" : "are")} 0" : "";
        return $"Bias{judged}: {string.Join(", ", parts)}.";
    }

    private static string Group(SymmetryAnswers symmetries)
    {
        var a = symmetries.Answers;
        if (a[2] == Answer.Yes)
            return "rotation";
        var (elements, rows, columns) = (Group(a, 0), Group(a, 3), Group(a, 6));
        var parts = new List<string>();
        if (elements is not null)
            parts.Add(elements + " of elements");
        if (rows == columns && rows is not null && rows != elements)
            parts.Add(rows + " of rows and of columns");
        else if (rows is not null && rows != elements && columns is not null && columns != elements)
            parts.Add($"{rows} of rows, {columns} of columns");
        else if (rows is not null && rows != elements)
            parts.Add(rows + " of rows");
        else if (columns is not null && columns != elements)
            parts.Add(columns + " of columns");
        return parts.Count == 0 ? "symmetry that is known" : string.Join(" and no ", parts);
    }

    private static string? Group(IReadOnlyList<Answer> answers, int first) =>
        answers[first + 2] == Answer.Yes ? "rotation"
        : answers[first] == Answer.Yes && answers[first + 1] == Answer.Yes ? "signed permutation"
        : answers[first + 1] == Answer.Yes ? "permutation"
        : answers[first] == Answer.Yes ? "change of sign"
        : null;

    private static string Of(Answer answer) => $"{Namespace}Answer.{answer}";

    private static string Of(SymmetryAnswers symmetries) => symmetries.Answers.All(a => a == Answer.Yes)
        ? $"{Namespace}Symmetries.All"
        : $"new({Axis(symmetries.Answers, 0)}, {Axis(symmetries.Answers, 3)}, {Axis(symmetries.Answers, 6)})";

    private static string Axis(IReadOnlyList<Answer> a, int first)
    {
        var known = (a[first], a[first + 1], a[first + 2]) switch
        {
            (Answer.Yes, Answer.Yes, Answer.Yes) => "All",
            (Answer.Yes, Answer.Yes, Answer.No) => "SignedPermutations",
            (Answer.No, Answer.Yes, Answer.No) => "Permutations",
            (Answer.Yes, Answer.No, Answer.No) => "SignChanges",
            (Answer.No, Answer.No, Answer.No) => "None",
            _ => null,
        };
        return known is null ? $"new({Of(a[first])}, {Of(a[first + 1])}, {Of(a[first + 2])})" : $"{Namespace}AxisSymmetry.{known}";
    }

    /// <summary>The notes, those with one text in one line.</summary>
    private static void WriteNotes(SourceWriter writer, string property, string type, EquatableArray<BiasNote> notes)
    {
        if (notes.Count == 0)
            return;
        writer.Line($"{property} =");
        writer.Line("[");
        using (writer.Indent())
        {
            foreach (var note in notes.GroupBy(note => note.Text, StringComparer.Ordinal))
                writer.Line($"..{Namespace}{type}.Of({Text.Quote(note.Key)}, {string.Join(", ", note.Select(n => Text.Quote(n.Property)))}),");
        }

        writer.Line("],");
    }
}
