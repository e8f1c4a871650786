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
