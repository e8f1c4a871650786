using System.Text;
using OptBias.Lab.Reports.Figures;
using OptBias.Lab.Reports.Figures.Painters;
using OptBias.Lab.Reports.Figures.Scenes;
using static OptBias.Lab.Reports.Page.Html;

namespace OptBias.Lab.Reports.Page;

/// <summary>A figure in the page, laid out for wide and for narrow screens, with links to its files where they lie beside it.</summary>
internal static class FigureSection
{
    public static void Write(StringBuilder page, Figure figure, IReadOnlyDictionary<string, SeriesStyle> styles, bool linked = true)
    {
        var wide = SceneLayout.Of(figure, styles);
        var narrow = SceneLayout.Of(figure, styles, SceneSize.Narrow);
        string[] texts = [.. new[] { figure.Caption, wide.Note }.Where(text => text.Length > 0)];
        page.Append($"""
            <figure id="{Escape(figure.Id)}">
            <h3>{Escape(figure.Title)}</h3>
            <div class="wide">{SvgPainter.Paint(wide)}</div>
            <div class="narrow{(narrow.Width > SceneSize.Narrow.Width ? " scrolls" : "")}">{SvgPainter.Paint(narrow)}</div>
            <figcaption>{Escape(string.Join(" ", texts))}{(linked ? $" <span class=\"files\"><a href=\"figures/{Escape(figure.Id)}.svg\">SVG</a> <a href=\"figures/{Escape(figure.Id)}.png\">PNG</a></span>" : "")}</figcaption>
            </figure>

            """);
    }
}
