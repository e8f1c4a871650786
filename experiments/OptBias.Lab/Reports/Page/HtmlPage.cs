using System.Text;

namespace OptBias.Lab.Reports.Page;

/// <summary>A page that needs nothing but itself: style and script are inline, and its policy forbids every request.</summary>
internal static class HtmlPage
{
    /// <summary>Puts a body into a page.</summary>
    /// <param name="title">Title of the window, any text.</param>
    /// <param name="body">Markup.</param>
    public static string Compose(string title, string body) => $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
        <link rel="icon" href="data:,">
        <title>{Html.Escape(title)}</title>
        <style>
        {Resource("page.css")}</style>
        </head>
        <body>
        {body}<script>
        {Resource("page.js")}</script>
        </body>
        </html>

        """;

    private static string Resource(string name)
    {
        using var stream = typeof(HtmlPage).Assembly.GetManifestResourceStream($"OptBias.Lab.Reports.{name}")
            ?? throw new InvalidOperationException($"{name} is missing from the program.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
