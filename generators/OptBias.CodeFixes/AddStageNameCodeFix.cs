using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptBias.Generators.Diagnostics;

namespace OptBias.CodeFixes;

/// <summary>Gives a stage a <c>Name</c> that no other stage of the declaration has.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddStageNameCodeFix))]
[Shared]
public sealed class AddStageNameCodeFix : NodeCodeFixProvider<AttributeSyntax>
{
    private static readonly string[] Ordinals = ["Second", "Third", "Fourth", "Fifth"];

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = Ids(Descriptors.NameCollision);

    /// <inheritdoc/>
    protected override string? Title(AttributeSyntax node, Diagnostic diagnostic) =>
        FreeName(node) is { } name ? $"Name this stage \"{name}\"" : null;

    /// <inheritdoc/>
    protected override SyntaxNode Mend(SyntaxNode root, AttributeSyntax node, Diagnostic diagnostic)
    {
        var argument = SyntaxFactory.AttributeArgument(
            SyntaxFactory.NameEquals(SyntaxFactory.IdentifierName("Name").WithTrailingTrivia(SyntaxFactory.Space)),
            null,
            SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(FreeName(node)!)).WithLeadingTrivia(SyntaxFactory.Space));
        if (node.ArgumentList is not { Arguments.Count: > 0 } list)
            return root.ReplaceNode(node, node.WithArgumentList(SyntaxFactory.AttributeArgumentList(SyntaxFactory.SingletonSeparatedList(argument))));
        if (list.Arguments.FirstOrDefault(IsName) is { } old)
            return root.ReplaceNode(old, argument.WithTriviaFrom(old));
        return root.ReplaceNode(list, list.AddArguments(argument.WithLeadingTrivia(SyntaxFactory.Space)));
    }

    private static string? FreeName(AttributeSyntax node)
    {
        var taken = Stages.Beside(node)
            .SelectMany(attribute => attribute.ArgumentList?.Arguments.Where(IsName) ?? [])
            .Select(argument => argument.Expression is LiteralExpressionSyntax literal ? literal.Token.ValueText : "")
            .ToImmutableHashSet(StringComparer.OrdinalIgnoreCase);
        return Ordinals.FirstOrDefault(name => !taken.Contains(name));
    }

    private static bool IsName(AttributeArgumentSyntax argument) => argument.NameEquals?.Name.Identifier.Text == "Name";
}
