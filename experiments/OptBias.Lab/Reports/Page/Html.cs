namespace OptBias.Lab.Reports.Page;

/// <summary>Text in markup.</summary>
internal static class Html
{
    /// <summary>Makes any text safe in an element and in a quoted attribute, of HTML and of SVG.</summary>
    public static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal);
}
