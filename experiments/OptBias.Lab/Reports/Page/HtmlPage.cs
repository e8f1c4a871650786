using System.Text;
using OptBias.Lab.Reports.Figures.Scenes;

namespace OptBias.Lab.Reports.Page;

/// <summary>A page that needs nothing but itself: style and script are inline, and its policy forbids every request.</summary>
internal static class HtmlPage
{
    /// <summary>Puts a body into a page.</summary>
    /// <param name="title">Title of the window, any text.</param>
    /// <param name="body">Markup.</param>
    /// <param name="styles">The optimizers' colours, for their counterparts on a dark page.</param>
    public static string Compose(string title, string body, IReadOnlyDictionary<string, SeriesStyle> styles) => $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
        <link rel="icon" href="data:,">
        <title>{Html.Escape(title)}</title>
        <style>
        {Resource("page.css")}{Dark(styles.Values)}</style>
        </head>
        <body>
        {body}<script>
        {Resource("page.js")}</script>
        </body>
        </html>

        """;

    /// <summary>On a dark page each colour of a picture has a counterpart. Cells of heat maps keep theirs: their scale is a measure.</summary>
    private static string Dark(IEnumerable<SeriesStyle> styles)
    {
        var colors = new SortedDictionary<string, string>(Ink.OnDark.ToDictionary(), StringComparer.Ordinal);
        foreach (var color in styles.SelectMany(style => (string[])[style.Color, style.Ink]).Concat(ForestScene.Colors))
            colors.TryAdd(color, Palette.OnDark(color));
        var rules = new StringBuilder("@media screen and (prefers-color-scheme: dark) {\n");
        foreach (var (light, dark) in colors)
            rules.Append($"  svg [fill=\"{light}\"] {{ fill: {dark}; }}\n  svg [stroke=\"{light}\"] {{ stroke: {dark}; }}\n");
        return rules.Append("}\n").ToString();
    }

    private static string Resource(string name)
    {
        using var stream = typeof(HtmlPage).Assembly.GetManifestResourceStream($"OptBias.Lab.Reports.{name}")
            ?? throw new InvalidOperationException($"{name} is missing from the program.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
