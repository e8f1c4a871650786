using Microsoft.CodeAnalysis;
using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

/// <summary>
/// Keeps a declaration on one part of its class. The compiler lists attributes in the order of the files, so that stages on two
/// parts would be another rule once a file is renamed.
/// </summary>
internal static class DeclarationParts
{
    /// <summary>Whether an attribute is part of the rule: a stage, a route, or how state is kept.</summary>
    public static bool MakesTheRule(AttributeData attribute) =>
        attribute.FullName() is { } kind && (kind is RouteReader.RouteAttribute or StateDeclaration.Attribute || StageCatalogue.Readers.ContainsKey(kind));

    /// <summary>Reports the first attribute of the rule that stands on another part than the others.</summary>
    public static void Check(INamedTypeSymbol type, AttributeData optimizer, ICollection<DiagnosticInfo> diagnostics)
    {
        if (type.DeclaringSyntaxReferences.Length < 2)
            return;
        var rule = type.GetAttributes().Where(MakesTheRule).ToList();
        if (rule.Select(attribute => PartOf(type, attribute)).Distinct().Count() < 2)
            return;

        // The part with [Optimizer] is the one to write it all on, if anything of the rule stands there.
        var first = rule.FirstOrDefault(attribute => PartOf(type, attribute) == PartOf(type, optimizer)) ?? rule[0];
        var apart = rule.First(attribute => PartOf(type, attribute) != PartOf(type, first));
        diagnostics.Add(new DiagnosticInfo(
            Descriptors.StagesOnTwoParts.Id,
            LocationInfo.Of(apart.ApplicationSyntaxReference),
            new[] { ShortName(apart), type.Name, ShortName(first) }.ToEquatableArray()));
    }

    /// <summary>The attribute's name as it is written: <c>Momentum</c>.</summary>
    public static string ShortName(AttributeData attribute) => attribute.AttributeClass!.Name.Replace("Attribute", "");

    private static int PartOf(INamedTypeSymbol type, AttributeData attribute)
    {
        var parts = type.DeclaringSyntaxReferences;
        for (var k = 0; k < parts.Length; k++)
        {
            if (attribute.ApplicationSyntaxReference is { } place && parts[k].SyntaxTree == place.SyntaxTree && parts[k].Span.Contains(place.Span))
                return k;
        }

        return -1;
    }
}
