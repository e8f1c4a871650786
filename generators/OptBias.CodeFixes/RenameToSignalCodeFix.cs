using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptBias.Generators.Diagnostics;

namespace OptBias.CodeFixes;

/// <summary>Renames a misspelt parameter of a per-element method to the nearest signal, with its uses in the method.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RenameToSignalCodeFix))]
[Shared]
public sealed class RenameToSignalCodeFix : NodeCodeFixProvider<ParameterSyntax>
{
    private static readonly string[] Signals = ["update", "gradient", "parameter"];

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = Ids(Descriptors.UnknownParameter);

    /// <inheritdoc/>
    protected override string? Title(ParameterSyntax node, Diagnostic diagnostic) =>
        Signal(node) is { } signal ? $"Rename '{node.Identifier.Text}' to '{signal}'" : null;

    /// <inheritdoc/>
    /// <remarks>No name in a per-element method can hide a parameter: it has no lambdas, no local functions, no inner scopes with the name.</remarks>
    protected override SyntaxNode Mend(SyntaxNode root, ParameterSyntax node, Diagnostic diagnostic)
    {
        var method = node.FirstAncestorOrSelf<MethodDeclarationSyntax>()!;
        var (name, signal) = (node.Identifier.Text, Signal(node)!);
        var tokens = method.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken) && token.Text == name && (token == node.Identifier || IsUse(token)));
        return root.ReplaceNode(method, method.ReplaceTokens(tokens, (_, token) => SyntaxFactory.Identifier(token.LeadingTrivia, signal, token.TrailingTrivia)));
    }

    /// <summary>The nearest signal that the method does not have yet.</summary>
    private static string? Signal(ParameterSyntax node)
    {
        var taken = node.Parent is ParameterListSyntax list ? list.Parameters.Select(p => p.Identifier.Text).ToImmutableHashSet() : ImmutableHashSet<string>.Empty;
        return NearestName.Find(node.Identifier.Text, Signals.Where(signal => !taken.Contains(signal)));
    }

    /// <summary>A name on its own: no member, no label of an argument.</summary>
    private static bool IsUse(SyntaxToken token) =>
        token.Parent is IdentifierNameSyntax name
        && name.Parent is not NameColonSyntax
        && !(name.Parent is MemberAccessExpressionSyntax access && access.Name == name);
}
