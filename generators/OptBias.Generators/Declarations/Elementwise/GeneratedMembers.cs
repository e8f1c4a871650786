using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OptBias.Generators.Declarations;

/// <summary>Names that the generated half of a class has for itself.</summary>
internal static class GeneratedMembers
{
    /// <summary>What the generated half says of itself: <c>[GeneratedCode("OptBias.Dsl", ...)]</c>.</summary>
    public const string Tool = "OptBias.Dsl";

    private static readonly HashSet<string> Members = new(StringComparer.Ordinal)
    {
        "Plan", "Cuda", "Descriptor", "Equations", "Cost", "ParamGroup", "Options", "Momentum", "Betas", "EvaluationPass",
    };

    private static readonly HashSet<string> Parameters = new(StringComparer.Ordinal) { "parameters", "named_parameters", "maximize" };

    public static bool Contains(string name) =>
        Members.Contains(name) || (name.StartsWith("Pass", StringComparison.Ordinal) && name.Length > 4 && name.Skip(4).All(char.IsDigit));

    /// <summary>Whether a node stands in the half of a class that this generator wrote.</summary>
    public static bool IsInGeneratedHalf(SyntaxNode node) => node.AncestorsAndSelf()
        .OfType<TypeDeclarationSyntax>()
        .SelectMany(type => type.AttributeLists)
        .SelectMany(list => list.Attributes)
        .Any(attribute => attribute.Name.ToString().EndsWith("GeneratedCode", StringComparison.Ordinal) && attribute.ArgumentList?.Arguments.FirstOrDefault()?.ToString() == $"\"{Tool}\"");

    /// <summary>Why no hyperparameter can have a name; null if one can.</summary>
    public static string? WhyNoHyperparameter(string name) =>
        name == "lr" ? "it is the learning rate, which every optimizer has"
        : Parameters.Contains(name) ? "the constructor has a parameter of that name"
        : SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None ? "it is a keyword of C#"
        : null;
}
