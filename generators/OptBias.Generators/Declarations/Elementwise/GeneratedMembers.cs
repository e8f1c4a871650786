using Microsoft.CodeAnalysis.CSharp;

namespace OptBias.Generators.Declarations;

/// <summary>Names that the generated half of a class has for itself.</summary>
internal static class GeneratedMembers
{
    private static readonly HashSet<string> Members = new(StringComparer.Ordinal)
    {
        "Plan", "Descriptor", "Equations", "Cost", "ParamGroup", "Options", "Momentum", "Betas",
    };

    private static readonly HashSet<string> Parameters = new(StringComparer.Ordinal) { "parameters", "named_parameters", "maximize" };

    public static bool Contains(string name) =>
        Members.Contains(name) || (name.StartsWith("Pass", StringComparison.Ordinal) && name.Length > 4 && name.Skip(4).All(char.IsDigit));

    /// <summary>Why no hyperparameter can have a name; null if one can.</summary>
    public static string? WhyNoHyperparameter(string name) =>
        name == "lr" ? "it is the learning rate, which every optimizer has"
        : Parameters.Contains(name) ? "the constructor has a parameter of that name"
        : SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None ? "it is a keyword of C#"
        : null;
}
