using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace OptBias.Generators.Declarations;

/// <summary>A place in a source file as plain values, so that it can be part of an equatable record.</summary>
internal sealed record LocationInfo(string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static LocationInfo? Of(SyntaxReference? reference) =>
        reference is null ? null : Of(reference.SyntaxTree.GetLocation(reference.Span));

    public static LocationInfo? Of(Location? location) =>
        location?.SourceTree is { } tree
            ? new LocationInfo(tree.FilePath, location.SourceSpan, location.GetLineSpan().Span)
            : null;

    /// <summary>The place in the source of a type or of a type that holds it; by its path where that source is not at hand.</summary>
    public Location ToLocation(INamedTypeSymbol type)
    {
        for (var holder = type; holder is not null; holder = holder.ContainingType)
        {
            foreach (var reference in holder.DeclaringSyntaxReferences)
            {
                if (reference.SyntaxTree.FilePath == this.Path && this.Span.End <= reference.SyntaxTree.Length)
                    return Location.Create(reference.SyntaxTree, this.Span);
            }
        }

        return this.ToLocation();
    }

    /// <summary>The place by its path.</summary>
    public Location ToLocation() => Location.Create(this.Path, this.Span, this.Lines);
}
