using System.Text;

namespace OptBias.Generators.Declarations;

/// <summary>Turns names from one convention into another.</summary>
internal static class Naming
{
    /// <summary><c>SlowAverage</c> to <c>slow_average</c>.</summary>
    public static string ToSnakeCase(string name)
    {
        var text = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsUpper(name[i]) && i > 0 && (char.IsLower(name[i - 1]) || char.IsDigit(name[i - 1])))
                text.Append('_');
            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }

    /// <summary>The name as it stands in LaTeX, where a bare underscore opens an index, or is an error.</summary>
    public static string ToLatex(string name) => name.Replace("_", "\\_");

    /// <summary><c>Rectification</c> to <c>rectification</c>.</summary>
    public static string LowerFirst(string name) => name.Length == 0 ? name : char.ToLowerInvariant(name[0]) + name.Substring(1);

    /// <summary>The name, changed if it is a word of the language.</summary>
    public static string ToIdentifier(string name) =>
        Microsoft.CodeAnalysis.CSharp.SyntaxFacts.GetKeywordKind(name) == Microsoft.CodeAnalysis.CSharp.SyntaxKind.None ? name : name + "_";

    /// <summary>The name as source text must write it.</summary>
    public static string Escape(string name) => ToIdentifier(name) == name ? name : "@" + name;

    /// <summary>
    /// The name of a type or namespace as source text must write it: one that is a word of the language somewhere, as
    /// <c>record</c> is, or may become one, as names of small letters alone may.
    /// </summary>
    public static string EscapeType(string name) => name.All(letter => letter is >= 'a' and <= 'z') ? "@" + name : name;

    /// <summary>The name, with something before it if it begins as no name does: of <c>_1</c> the number alone is left.</summary>
    public static string ToVariable(string name) => name.Length > 0 && char.IsDigit(name[0]) ? "_" + name : name;

    /// <summary><c>weight_decay</c> to <c>weightDecay</c>.</summary>
    public static string ToCamelCase(string name)
    {
        var pascal = ToPascalCase(name);
        return pascal.Length == 0 ? pascal : char.ToLowerInvariant(pascal[0]) + pascal.Substring(1);
    }

    /// <summary><c>weight_decay</c> to <c>WeightDecay</c>.</summary>
    public static string ToPascalCase(string name) => string.Concat(name
        .Split(new[] { '_' }, StringSplitOptions.RemoveEmptyEntries)
        .Select(part => char.ToUpperInvariant(part[0]) + part.Substring(1)));
}
