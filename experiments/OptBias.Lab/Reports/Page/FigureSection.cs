using System.Text;
using OptBias.Lab.Reports.Figures;
using static OptBias.Lab.Reports.Page.Html;

namespace OptBias.Lab.Reports.Page;

/// <summary>A figure in the page, with links to its files where they lie beside it.</summary>
internal static class FigureSection
{
    public static void Write(StringBuilder page, Figure figure, string svg, bool linked = true) => page.Append($"""
        <figure id="{Escape(figure.Id)}">
        <h3>{Escape(figure.Title)}</h3>
        {svg}<figcaption>{Escape(figure.Caption)}{(linked ? $" <span class=\"files\"><a href=\"figures/{Escape(figure.Id)}.svg\">SVG</a> <a href=\"figures/{Escape(figure.Id)}.png\">PNG</a></span>" : "")}</figcaption>
        </figure>

        """);
}
