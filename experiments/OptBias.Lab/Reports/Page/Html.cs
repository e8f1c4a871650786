using System.Text;

namespace OptBias.Lab.Reports.Page;

/// <summary>Text in markup.</summary>
internal static class Html
{
    private const int LongestUnbroken = 16;

    /// <summary>Makes any text safe in an element and in a quoted attribute, of HTML and of SVG, which is XML and has no control characters.</summary>
    public static string Escape(string text) => string.Concat(text.Select(static c => char.IsControl(c) && c is not ('\n' or '\t') ? '\uFFFD' : c))
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal);

    /// <summary>A name, escaped, that may break before its capitals and behind its hyphens where it is too long for its column.</summary>
    public static string Breakable(string name)
    {
        if (name.Length <= LongestUnbroken)
            return Escape(name);
        var parts = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && ((char.IsUpper(name[i]) && char.IsLower(name[i - 1])) || name[i - 1] == '-'))
                parts.Append("<wbr>");
            parts.Append(Escape(name[i].ToString()));
        }

        return parts.ToString();
    }
}
