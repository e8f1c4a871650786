using System.Globalization;
using Microsoft.CodeAnalysis;
using OptBias.Generators.Declarations;

namespace OptBias.Generators.Diagnostics;

/// <summary>Collects what is wrong with a declaration, at the attribute that it concerns.</summary>
internal sealed class StageDiagnostics(ICollection<DiagnosticInfo> sink)
{
    /// <summary>The attribute under inspection.</summary>
    public LocationInfo? Location { get; set; }

    public void Report(DiagnosticDescriptor descriptor, params string[] arguments) => this.ReportAt(this.Location, descriptor, arguments);

    /// <summary>Reports at a place within the class.</summary>
    public void ReportAt(LocationInfo? location, DiagnosticDescriptor descriptor, params string[] arguments) =>
        sink.Add(new DiagnosticInfo(descriptor.Id, location, arguments.ToEquatableArray()));

    /// <summary>Reports a constant outside of the range that it must lie in.</summary>
    public void ReportOutOfRange(string kind, string argument, double value, HyperparameterRange range) =>
        this.Report(Descriptors.ConstantOutOfRange, argument, kind, value.ToString("R", CultureInfo.InvariantCulture), range.ToString());
}
