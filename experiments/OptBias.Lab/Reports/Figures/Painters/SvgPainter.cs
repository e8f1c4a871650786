using System.Globalization;
using System.Text;
using OptBias.Lab.Reports.Figures.Scenes;
using static OptBias.Lab.Reports.Page.Html;

namespace OptBias.Lab.Reports.Figures.Painters;

/// <summary>Paints a scene as SVG, one <c>g</c> with <c>data-optimizer</c> for each group of an optimizer, which ScottPlot's SVG cannot carry.</summary>
internal static class SvgPainter
{
    private const string Font = "system-ui, -apple-system, 'Segoe UI', 'Open Sans', Roboto, 'Helvetica Neue', Arial, sans-serif";

    /// <summary>An svg element that stands in a page or, with its namespace, in a file of its own.</summary>
    public static string Paint(Scene scene)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Number(scene.Width)} {Number(scene.Height)}\" width=\"{Number(scene.Width)}\" height=\"{Number(scene.Height)}\" role=\"img\" aria-label=\"{Escape(scene.Title)}\" font-family=\"{Font}\">\n");
        foreach (var group in scene.Groups)
        {
            text.Append(group.Optimizer.Length == 0 ? "<g>\n" : $"<g data-optimizer=\"{Escape(group.Optimizer)}\">\n");
            foreach (var mark in group.Marks)
                text.Append(Element(mark)).Append('\n');
            text.Append("</g>\n");
        }

        return text.Append("</svg>\n").ToString();
    }

    /// <summary>A marker alone, for legends and tables.</summary>
    public static string Swatch(SeriesStyle style) =>
        $"<svg class=\"swatch\" width=\"14\" height=\"14\" viewBox=\"0 0 14 14\" aria-hidden=\"true\">{Element(new MarkerMark(7, 7, style.Marker, 10, style.Color))}</svg>";

    private static string Element(Mark mark) => mark switch
    {
        PathMark path => Close(
            $"<{(path.Fill is null ? "polyline" : "polygon")} points=\"{string.Join(' ', path.Points.Select(p => $"{Number(p.X)},{Number(p.Y)}"))}\" fill=\"{path.Fill ?? "none"}\""
            + (path.Stroke is null ? "" : $" stroke=\"{path.Stroke}\" stroke-width=\"{Number(path.StrokeWidth)}\" stroke-linejoin=\"round\"")
            + (path.Dash.Count == 0 ? "" : $" stroke-dasharray=\"{string.Join(' ', path.Dash.Select(Number))}\"")
            + Opacity(path.Opacity),
            "</" + (path.Fill is null ? "polyline" : "polygon") + ">",
            path),
        RectMark rect => Close(
            $"<rect x=\"{Number(rect.X)}\" y=\"{Number(rect.Y)}\" width=\"{Number(rect.Width)}\" height=\"{Number(rect.Height)}\" fill=\"{rect.Fill}\"{Opacity(rect.Opacity)}",
            "</rect>",
            rect),
        MarkerMark { Shape: MarkerShape.Circle } circle => Close(
            $"<circle cx=\"{Number(circle.X)}\" cy=\"{Number(circle.Y)}\" r=\"{Number(circle.Size / 2)}\" fill=\"{circle.Color}\"",
            "</circle>",
            circle),
        MarkerMark { Shape: MarkerShape.Ring } ring => Close(
            $"<circle cx=\"{Number(ring.X)}\" cy=\"{Number(ring.Y)}\" r=\"{Number((ring.Size / 2) - 0.5)}\" fill=\"{Ink.Paper}\" stroke=\"{ring.Color}\" stroke-width=\"1.8\"",
            "</circle>",
            ring),
        MarkerMark marker => Close(
            $"<polygon points=\"{string.Join(' ', Markers.Corners(marker).Select(p => $"{Number(p.X)},{Number(p.Y)}"))}\" fill=\"{marker.Color}\"",
            "</polygon>",
            marker),
        TextMark label => $"<text x=\"{Number(label.X)}\" y=\"{Number(label.Y)}\" font-size=\"{Number(label.Size)}\" fill=\"{label.Color}\" dominant-baseline=\"central\""
            + (label.Anchor == Anchor.Start ? "" : $" text-anchor=\"{(label.Anchor == Anchor.Middle ? "middle" : "end")}\"")
            + (label.Bold ? " font-weight=\"600\"" : "")
            + (label.Upwards ? $" transform=\"rotate(-90 {Number(label.X)} {Number(label.Y)})\"" : "")
            + $">{Escape(label.Text)}</text>",
        _ => throw new ArgumentException($"There is no SVG for {mark.GetType().Name}."),
    };

    private static string Close(string open, string close, Mark mark) =>
        mark.Tooltip.Length == 0 ? open + "/>" : $"{open}><title>{Escape(mark.Tooltip)}</title>{close}";

    private static string Opacity(double opacity) => opacity >= 1 ? "" : $" opacity=\"{Number(opacity)}\"";

    /// <summary>Two decimals, a point, whatever the machine speaks.</summary>
    private static string Number(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);
}
