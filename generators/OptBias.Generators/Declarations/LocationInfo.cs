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

    public Location ToLocation() => Location.Create(this.Path, this.Span, this.Lines);
}
