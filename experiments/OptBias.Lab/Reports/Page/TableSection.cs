using System.Globalization;
using System.Text;
using OptBias.Lab.Reports.Figures.Painters;
using OptBias.Lab.Statistics;
using static OptBias.Lab.Reports.Page.Html;

namespace OptBias.Lab.Reports.Page;

/// <summary>A table of numbers, each with its interval in digits and, where it has one, as a line on the column's scale.</summary>
internal static class TableSection
{
    private const double RangeWidth = 92;

    public static void Write(StringBuilder page, SummaryTable table, IReadOnlyDictionary<string, SeriesStyle> styles, string heading)
    {
        page.Append($"<{heading}>{Escape(table.Title)}</{heading}>\n");
        if (table.Note.Length > 0)
            page.Append($"<p class=\"note\">{Escape(table.Note)}</p>\n");
        page.Append("<div class=\"scroll\"><table>\n<thead><tr><th>Optimizer</th>");
        foreach (var metric in table.Metrics)
        {
            page.Append($"<th>{Escape(metric.Name)}{(metric.Unit.Length == 0 ? "" : $" <span class=\"unit\">({Escape(metric.Unit)})</span>")}{metric.Better switch
            {
                Better.Higher => "<span class=\"better\">higher is better</span>",
                Better.Lower => "<span class=\"better\">lower is better</span>",
                _ => "",
            }}</th>");
        }

        page.Append("</tr></thead>\n<tbody>\n");
        var ranges = table.Metrics.Select((_, k) => Range(table.Rows.Select(row => row.Cells[k]))).ToArray();
        foreach (var row in table.Rows)
        {
            var style = styles[row.Optimizer];
            page.Append($"<tr data-optimizer=\"{Escape(row.Optimizer)}\"><th class=\"named\">{SvgPainter.Swatch(style)}{Breakable(row.Optimizer)}{(row.Variant.Length == 0 ? "" : $" <span class=\"variant\">{Escape(row.Variant)}</span>")}</th>");
            for (var k = 0; k < table.Metrics.Count; k++)
                Cell(page, row.Cells[k], table.Metrics[k].Format, ranges[k], style.Color);
            page.Append("</tr>\n");
        }

        page.Append("</tbody>\n</table></div>\n");
        Definitions(page, table.Metrics);
    }

    private static void Cell(StringBuilder page, Interval cell, string format, (double Low, double High) range, string color)
    {
        format = cell.Finer(format);
        page.Append($"<td>{Escape(Numbers.Of(cell.Estimate, format))}{Numbers.Span(cell, format)}{(cell.Missing == 0 ? "" : $"<span class=\"interval\">{Escape(cell.Counted)}</span>")}");
        if (cell.IsDefined && range.High > range.Low && double.IsFinite(cell.Low) && double.IsFinite(cell.High))
        {
            double X(double value) => 4 + ((value - range.Low) / (range.High - range.Low) * (RangeWidth - 8));
            page.Append(string.Create(CultureInfo.InvariantCulture,
                $"<svg width=\"{RangeWidth}\" height=\"10\" viewBox=\"0 0 {RangeWidth} 10\" aria-hidden=\"true\"><line x1=\"0\" x2=\"{RangeWidth}\" y1=\"5\" y2=\"5\" stroke=\"#e6e8eb\"/><line x1=\"{X(cell.Low):0.##}\" x2=\"{X(cell.High):0.##}\" y1=\"5\" y2=\"5\" stroke=\"{color}\" stroke-width=\"2.5\"/><circle cx=\"{X(cell.Estimate):0.##}\" cy=\"5\" r=\"3.4\" fill=\"{color}\"/></svg>"));
        }

        page.Append("</td>");
    }

    private static (double Low, double High) Range(IEnumerable<Interval> cells)
    {
        var ends = cells.SelectMany(cell => (double[])[cell.Low, cell.Estimate, cell.High]).Where(double.IsFinite).ToArray();
        return ends.Length == 0 ? (0, 0) : (ends.Min(), ends.Max());
    }

    private static void Definitions(StringBuilder page, IReadOnlyList<ReportMetric> metrics)
    {
        var defined = metrics.Where(m => m.Description.Length > 0).ToArray();
        if (defined.Length == 0)
            return;
        page.Append("<dl class=\"definitions\">\n");
        foreach (var metric in defined)
            page.Append($"<div><dt>{Escape(metric.Name)}:</dt> <dd>{Escape(metric.Description)}</dd></div>\n");
        page.Append("</dl>\n");
    }
}
