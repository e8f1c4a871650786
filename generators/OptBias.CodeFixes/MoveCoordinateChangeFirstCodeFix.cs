using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptBias.Generators.Diagnostics;

namespace OptBias.CodeFixes;

/// <summary>Moves a nonlinear coordinate change above all other stages.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MoveCoordinateChangeFirstCodeFix))]
[Shared]
public sealed class MoveCoordinateChangeFirstCodeFix : NodeCodeFixProvider<AttributeSyntax>
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = Ids(Descriptors.CoordinateChangeNotFirst);

    /// <inheritdoc/>
    protected override string? Title(AttributeSyntax node, Diagnostic diagnostic) =>
        Stages.Beside(node).Any(IsOptimizer) ? $"Move [{node.Name}] above the other stages" : null;

    /// <inheritdoc/>
    /// <remarks>The stages between change places one by one, each keeping the trivia of the place: comments stay where they stand.</remarks>
    protected override SyntaxNode Mend(SyntaxNode root, AttributeSyntax node, Diagnostic diagnostic)
    {
        var stages = Stages.Beside(node).Where(attribute => !IsOptimizer(attribute)).TakeWhile(attribute => attribute != node).ToList();
        var moved = new Dictionary<AttributeSyntax, AttributeSyntax>();
        var previous = node;
        foreach (var stage in stages.Append(node))
        {
            moved.Add(stage, previous.WithTriviaFrom(stage));
            previous = stage;
        }

        return root.ReplaceNodes(moved.Keys, (stage, _) => moved[stage]);
    }

    private static bool IsOptimizer(AttributeSyntax attribute) =>
        attribute.Name.ToString().Split('.').Last() is "Optimizer" or "OptimizerAttribute";
}
