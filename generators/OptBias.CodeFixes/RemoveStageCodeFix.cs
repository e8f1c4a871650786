using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptBias.Generators.Diagnostics;

namespace OptBias.CodeFixes;

/// <summary>Removes a stage that is there twice, or that does nothing.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveStageCodeFix))]
[Shared]
public sealed class RemoveStageCodeFix : NodeCodeFixProvider<AttributeSyntax>
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
        Ids(Descriptors.SecondPreconditioner, Descriptors.StageWithoutEffect, Descriptors.StageWithoutOptimizer, Descriptors.StateOfComposite);

    /// <inheritdoc/>
    protected override string? Title(AttributeSyntax node, Diagnostic diagnostic) => $"Remove [{node.Name}]";

    /// <inheritdoc/>
    protected override SyntaxNode Mend(SyntaxNode root, AttributeSyntax node, Diagnostic diagnostic) => Stages.Remove(root, node);
}
