using Microsoft.CodeAnalysis;

namespace OptBias.Generators.Declarations;

/// <summary>Finds attributes by the full name of their class.</summary>
internal static class SymbolAttributes
{
    /// <summary>The attributes of that class, in the order in which they stand.</summary>
    public static IEnumerable<AttributeData> AttributesOf(this ISymbol symbol, string fullName) =>
        symbol.GetAttributes().Where(a => a.Is(fullName));

    /// <summary>Whether an attribute is of that class.</summary>
    public static bool Is(this AttributeData attribute, string fullName) => attribute.AttributeClass?.ToDisplayString() == fullName;
}
