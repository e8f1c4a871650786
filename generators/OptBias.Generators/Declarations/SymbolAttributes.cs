using Microsoft.CodeAnalysis;

namespace OptBias.Generators.Declarations;

/// <summary>Finds attributes by the full name of their class.</summary>
internal static class SymbolAttributes
{
    /// <summary>The attributes of that class, in the order in which they stand.</summary>
    public static IEnumerable<AttributeData> AttributesOf(this ISymbol symbol, string fullName) =>
        symbol.GetAttributes().Where(a => a.Is(fullName));

    /// <summary>Whether an attribute is of that class.</summary>
    public static bool Is(this AttributeData attribute, string fullName) => attribute.FullName() == fullName;

    /// <summary>
    /// The full name of an attribute's class, where that is a namespace and a name, as it is for all of the language; else null.
    /// At every edit the attributes of all classes are read again; display strings of symbols made that a tenth longer.
    /// </summary>
    public static string? FullName(this AttributeData attribute) =>
        attribute.AttributeClass is { Arity: 0, ContainingType: null, ContainingNamespace: { ContainingNamespace.IsGlobalNamespace: true } space } type
            ? space.Name + "." + type.Name
            : null;
}
