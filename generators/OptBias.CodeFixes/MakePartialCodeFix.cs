using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptBias.Generators.Diagnostics;

namespace OptBias.CodeFixes;

/// <summary>Writes <c>partial</c> on an optimizer, or on a type that holds one.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakePartialCodeFix))]
[Shared]
public sealed class MakePartialCodeFix : NodeCodeFixProvider<TypeDeclarationSyntax>
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = Ids(Descriptors.NotPartial, Descriptors.ContainerNotPartial);

    /// <inheritdoc/>
    protected override string? Title(TypeDeclarationSyntax node, Diagnostic diagnostic) => $"Make '{node.Identifier.Text}' partial";

    /// <inheritdoc/>
    protected override SyntaxNode Mend(SyntaxNode root, TypeDeclarationSyntax node, Diagnostic diagnostic)
    {
        // 'partial' comes last of the modifiers; where it is the first, what stands before the declaration now stands before it.
        var partial = SyntaxFactory.Token(SyntaxKind.PartialKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        if (node.Modifiers.Count > 0)
            return root.ReplaceNode(node, node.AddModifiers(partial));
        var keyword = node.Keyword;
        return root.ReplaceNode(node, node
            .WithKeyword(keyword.WithLeadingTrivia())
            .WithModifiers(SyntaxFactory.TokenList(partial.WithLeadingTrivia(keyword.LeadingTrivia))));
    }
}
