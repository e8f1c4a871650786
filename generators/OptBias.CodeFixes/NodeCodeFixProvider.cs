using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace OptBias.CodeFixes;

/// <summary>A mend of the node at which a diagnostic stands.</summary>
/// <typeparam name="TNode">The kind of node; the nearest one around the diagnostic is taken.</typeparam>
public abstract class NodeCodeFixProvider<TNode> : CodeFixProvider
    where TNode : SyntaxNode
{
    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<TNode>() is { } node
                && this.Title(node, diagnostic) is { } title)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(title, _ => Task.FromResult(context.Document.WithSyntaxRoot(this.Mend(root, node, diagnostic))), this.GetType().Name),
                    diagnostic);
            }
        }
    }

    /// <summary>What the mend is called, or null where it does not apply.</summary>
    protected abstract string? Title(TNode node, Diagnostic diagnostic);

    /// <summary>The document's root with the mend.</summary>
    protected abstract SyntaxNode Mend(SyntaxNode root, TNode node, Diagnostic diagnostic);

    /// <summary>The identifiers of some descriptors.</summary>
    protected static ImmutableArray<string> Ids(params DiagnosticDescriptor[] descriptors) => descriptors.Select(descriptor => descriptor.Id).ToImmutableArray();
}
