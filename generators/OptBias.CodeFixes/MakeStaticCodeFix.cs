using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptBias.Generators.Diagnostics;

namespace OptBias.CodeFixes;

/// <summary>Writes <c>static</c> on a per-element method.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakeStaticCodeFix))]
[Shared]
public sealed class MakeStaticCodeFix : NodeCodeFixProvider<MethodDeclarationSyntax>
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = Ids(Descriptors.NotStatic);

    /// <inheritdoc/>
    protected override string? Title(MethodDeclarationSyntax node, Diagnostic diagnostic) => $"Make '{node.Identifier.Text}' static";

    /// <inheritdoc/>
    protected override SyntaxNode Mend(SyntaxNode root, MethodDeclarationSyntax node, Diagnostic diagnostic)
    {
        // After the accessibility, where there is one; else first, and what stood before the method stands before it.
        var keyword = SyntaxFactory.Token(SyntaxKind.StaticKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        var place = node.Modifiers.TakeWhile(modifier => SyntaxFacts.IsAccessibilityModifier(modifier.Kind())).Count();
        if (place > 0)
            return root.ReplaceNode(node, node.WithModifiers(node.Modifiers.Insert(place, keyword)));
        var first = node.Modifiers.Count > 0 ? node.Modifiers[0] : node.ReturnType.GetFirstToken();
        var mended = node.ReplaceToken(first, first.WithLeadingTrivia());
        return root.ReplaceNode(node, mended.WithModifiers(mended.Modifiers.Insert(0, keyword.WithLeadingTrivia(first.LeadingTrivia))));
    }
}
