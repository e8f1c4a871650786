using Microsoft.CodeAnalysis;
using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

/// <summary>Reads <c>[Hyper]</c> on a parameter of a user's method.</summary>
internal static class HyperReader
{
    private const string Attribute = "OptBias.HyperAttribute";

    /// <summary>All that ends a line, for C# and for Unicode.</summary>
    private static readonly char[] LineBreaks = ['\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029'];

    public static AttributeData? AttributeOf(IParameterSymbol parameter) =>
        parameter.AttributesOf(Attribute).FirstOrDefault();

    /// <summary>What users call a term that only keeps a division defined, as the language's own stages do.</summary>
    private static bool IsEpsilon(string name) => name is "eps" or "epsilon" || name.EndsWith("_eps", StringComparison.Ordinal) || name.EndsWith("_epsilon", StringComparison.Ordinal);

    /// <summary>The hyperparameter; null, with a diagnostic, where none can have that name.</summary>
    public static HyperparameterDeclaration? Read(IParameterSymbol parameter, AttributeData attribute, ClassScope scope)
    {
        var name = Naming.ToSnakeCase(parameter.Name);
        if (GeneratedMembers.WhyNoHyperparameter(name) is { } why)
        {
            scope.Report.ReportAt(LocationInfo.Of(parameter.Locations.FirstOrDefault()), Descriptors.NameTaken, name, why);
            return null;
        }

        var hyper = new AttributeReading(attribute);
        scope.IsBroken |= hyper.IsBroken;
        var (low, high) = (hyper.Number("Minimum"), hyper.Number("Maximum"));
        var range = new HyperparameterRange(
            double.IsNaN(low) ? double.NegativeInfinity : low,
            double.IsNaN(high) ? double.PositiveInfinity : high,
            hyper.Flag("ExcludesMinimum"),
            hyper.Flag("ExcludesMaximum"));
        return new(name, parameter.Name, hyper.Number("Default"), range, UserSymbols.Of(parameter.Name), Description(hyper) ?? $"{parameter.Name} of {parameter.ContainingSymbol.Name}")
        {
            Vanishes = IsEpsilon(name) && (range.Contains(0) || range is { Minimum: 0, ExcludesMinimum: true }),
        };
    }

    /// <summary>In one line, since it becomes part of a sentence.</summary>
    private static string? Description(AttributeReading hyper) => hyper.Text("Description") is { } text
        ? string.Join(" ", text.Split(LineBreaks, StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim()).Where(line => line.Length > 0))
        : null;
}
