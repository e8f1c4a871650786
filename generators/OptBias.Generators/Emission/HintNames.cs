using System.Collections.Immutable;
using OptBias.Generators.Declarations;

namespace OptBias.Generators.Emission;

/// <summary>
/// Names of the generated files: full metadata names. C# tells <c>Adam</c> from <c>ADAM</c>, and the names of files do not;
/// all of such names but the first get a number.
/// </summary>
internal static class HintNames
{
    /// <summary>The names that are another's but for the case of letters.</summary>
    public static EquatableArray<string> Alike(ImmutableArray<string?> names) => names
        .OfType<string>()
        .Distinct(StringComparer.Ordinal)
        .GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
        .SelectMany(group => group.OrderBy(name => name, StringComparer.Ordinal).Skip(1))
        .OrderBy(name => name, StringComparer.Ordinal)
        .ToEquatableArray();

    /// <summary>The name of the file for a class.</summary>
    public static string Of(string metadataName, EquatableArray<string> alike)
    {
        for (var k = 0; k < alike.Count; k++)
        {
            if (alike[k] == metadataName)
                return $"{metadataName}({Text.Integer(k + 2)}).g.cs";
        }

        return metadataName + ".g.cs";
    }
}
