using Microsoft.CodeAnalysis;

namespace OptBias.Generators.Declarations;

/// <summary>
/// What a user's classes and methods warn of when they are used: <c>[Obsolete]</c>, <c>[Experimental]</c>. The compiler tells the
/// user where the user's own code names them. Generated code names them again, and is silent about it.
/// </summary>
internal static class Disapproval
{
    private const string Obsolete = "System.ObsoleteAttribute";
    private const string Experimental = "System.Diagnostics.CodeAnalysis.ExperimentalAttribute";

    /// <summary>The identifiers of the warnings that the use of a class or method within <paramref name="user"/> gives.</summary>
    public static IEnumerable<string> Of(ISymbol used, INamedTypeSymbol user)
    {
        foreach (var attribute in Outside(used, user).SelectMany(symbol => symbol.GetAttributes()))
        {
            var argument = attribute.ConstructorArguments.Length > 0 ? attribute.ConstructorArguments[0].Value as string : null;
            if (attribute.Is(Obsolete))
                yield return new AttributeReading(attribute).Text("DiagnosticId") is { Length: > 0 } own ? own : argument is null ? "CS0612" : "CS0618";
            else if (argument is not null && attribute.AttributeClass?.Name == "ExperimentalAttribute" && attribute.AttributeClass.ToDisplayString() == Experimental)
                yield return argument;
        }
    }

    /// <summary>Whether the compiler refuses the use, which nothing can turn off.</summary>
    public static bool IsForbidden(ISymbol used, INamedTypeSymbol user) =>
        !Outside(user, used.ContainingType).Any(symbol => symbol.AttributesOf(Obsolete).Any())
        && Outside(used, user).SelectMany(symbol => symbol.AttributesOf(Obsolete)).Any(a => a.ConstructorArguments.Length == 2 && a.ConstructorArguments[1].Value is true);

    /// <summary>The symbol and what holds it, up to where that holds <paramref name="user"/> too; from there on it is no use from the outside.</summary>
    private static IEnumerable<ISymbol> Outside(ISymbol used, INamedTypeSymbol? user)
    {
        for (ISymbol? at = used; at is not null and not INamespaceSymbol; at = at.ContainingType)
        {
            if (Holds(at, user))
                yield break;
            yield return at;
        }

        if (!SymbolEqualityComparer.Default.Equals(used.ContainingAssembly, user?.ContainingAssembly))
        {
            yield return used.ContainingModule;
            yield return used.ContainingAssembly;
        }
    }

    private static bool Holds(ISymbol symbol, INamedTypeSymbol? inner)
    {
        for (var at = inner; at is not null; at = at.ContainingType)
        {
            if (SymbolEqualityComparer.Default.Equals(at, symbol))
                return true;
        }

        return false;
    }
}
