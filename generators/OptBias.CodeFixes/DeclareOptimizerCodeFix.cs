using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptBias.Generators.Diagnostics;

namespace OptBias.CodeFixes;

/// <summary>Writes <c>[Optimizer]</c> above stages that stand on a class without it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DeclareOptimizerCodeFix))]
[Shared]
public sealed class DeclareOptimizerCodeFix : NodeCodeFixProvider<TypeDeclarationSyntax>
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = Ids(Descriptors.StageWithoutOptimizer);

    /// <inheritdoc/>
    protected override string? Title(TypeDeclarationSyntax node, Diagnostic diagnostic) => $"Declare '{node.Identifier.Text}' as an optimizer";

    /// <inheritdoc/>
    protected override SyntaxNode Mend(SyntaxNode root, TypeDeclarationSyntax node, Diagnostic diagnostic)
    {
        var first = node.AttributeLists[0];
        var indentation = first.GetLeadingTrivia().LastOrDefault(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia));
        var optimizer = SyntaxFactory.AttributeList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Attribute(SyntaxFactory.IdentifierName("Optimizer"))))
            .WithLeadingTrivia(first.GetLeadingTrivia())
            .WithTrailingTrivia(first.GetTrailingTrivia());
        var lists = node.AttributeLists.Replace(first, first.WithLeadingTrivia(indentation)).Insert(0, optimizer);
        return root.ReplaceNode(node, node.WithAttributeLists(lists));
    }
}
