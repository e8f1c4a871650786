using Microsoft.CodeAnalysis;
using OptBias.Generators.Declarations;

namespace OptBias.Generators.Diagnostics;

/// <summary>A diagnostic as plain values.</summary>
internal sealed record DiagnosticInfo(string Id, LocationInfo? Location, EquatableArray<string> Arguments)
{
    public bool IsError => Descriptors.ById[this.Id].DefaultSeverity == DiagnosticSeverity.Error;

    /// <summary>The diagnostic at its place in a file, as the generator reports it: it keeps no source.</summary>
    public Diagnostic ToDiagnostic() => Diagnostic.Create(
        Descriptors.ById[this.Id],
        this.Location?.ToLocation() ?? Microsoft.CodeAnalysis.Location.None,
        this.Arguments.Cast<object>().ToArray());

    /// <summary>The diagnostic in the source of the type that was read: only there can it be suppressed and mended.</summary>
    public Diagnostic ToDiagnostic(INamedTypeSymbol type) => Diagnostic.Create(
        Descriptors.ById[this.Id],
        this.Location?.ToLocation(type) ?? type.Locations[0],
        this.Arguments.Cast<object>().ToArray());
}
