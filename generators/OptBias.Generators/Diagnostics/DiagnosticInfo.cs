using Microsoft.CodeAnalysis;
using OptBias.Generators.Declarations;

namespace OptBias.Generators.Diagnostics;

/// <summary>A diagnostic as plain values.</summary>
internal sealed record DiagnosticInfo(string Id, LocationInfo? Location, EquatableArray<string> Arguments)
{
    public bool IsError => Descriptors.ById[this.Id].DefaultSeverity == DiagnosticSeverity.Error;

    public Diagnostic ToDiagnostic() => Diagnostic.Create(
        Descriptors.ById[this.Id],
        this.Location?.ToLocation() ?? Microsoft.CodeAnalysis.Location.None,
        this.Arguments.Cast<object>().ToArray());
}
