using System.Globalization;
using System.Text;
using OptBias.Lab.Reports.Figures.Painters;
using OptBias.Lab.Reports.Page;
using static OptBias.Lab.Reports.Page.Html;

namespace OptBias.Lab.Reports.Selection;

/// <summary>Writes the page of a selection, <c>select.html</c>, and its plots in <c>figures/</c> beside it.</summary>
public static class SelectionWriter
{
    /// <summary>Writes the page and returns its path.</summary>
    /// <param name="report">The selection.</param>
    /// <param name="directory">Where to; made if it is not there.</param>
    /// <exception cref="ArgumentException">A ranking of an optimizer that is not listed, or of other wishes.</exception>
    /// <exception cref="IOException">The directory cannot be written.</exception>
    public static string Write(SelectionReport report, string directory)
    {
        foreach (var ranking in report.Ranking)
        {
            if (ranking.Means.Count != report.Wishes.Count)
                throw new ArgumentException($"The ranking of {ranking.Optimizer} is over {ranking.Means.Count} wishes, the report's are {report.Wishes.Count}.");
        }

        var figures = SelectionFigures.Of(report);
        ReportCheck.Require(figures, report.Optimizers.Select(o => o.Name).ToHashSet());
        var styles = Palette.Assign(report.Optimizers);
        FigureFiles.Write(figures, styles, directory);

        var page = new StringBuilder();
        page.Append($"<header>\n<p class=\"kicker\">select</p>\n<h1>Which optimizer for these wishes?</h1>\n<p class=\"question\">{Escape(string.Join("; ", report.Wishes))}</p>\n<p>{Escape(SelectionVerdict.Say(report))}</p>\n")
            .Append("<p class=\"note\">A probability is the fraction of bootstrap resamples of the seeds in which an optimizer's mean meets the wish. It says how well the mean is known, not how often a single run would meet the wish.</p>\n</header>\n");
        page.Append("<h2>Results</h2>\n");
        Sections.Legend(page, report.Optimizers, styles);
        foreach (var figure in figures)
            FigureSection.Write(page, figure, styles);
        Ranking(page, report, styles);
        Sections.Settings(page, report.Settings, report.Optimizers);

        var path = Path.Combine(directory, "select.html");
        FigureFiles.Replace(path, Encoding.UTF8.GetBytes(HtmlPage.Compose("Which optimizer? · OptBias", page.ToString(), styles)));
        return path;
    }

    private static void Ranking(StringBuilder page, SelectionReport report, IReadOnlyDictionary<string, SeriesStyle> styles)
    {
        page.Append("<h3>Ranking</h3>\n<div class=\"scroll\"><table>\n<thead><tr><th>Optimizer</th><th class=\"left\">Meets all wishes</th>");
        foreach (var wish in report.Wishes)
            page.Append($"<th>{Escape(wish.ToString())}</th>");
        page.Append("<th>On the Pareto front</th></tr></thead>\n<tbody>\n");
        foreach (var r in report.Ranking)
        {
            var color = styles[r.Optimizer].Color;
            page.Append($"<tr data-optimizer=\"{Escape(r.Optimizer)}\"><th class=\"named\">{SvgPainter.Swatch(styles[r.Optimizer])}{Breakable(r.Optimizer)}</th>")
                .Append(string.Create(CultureInfo.InvariantCulture, $"<td class=\"left\"><svg class=\"bar\" width=\"{Math.Max(1, 100 * r.All):0.#}\" height=\"11\" aria-hidden=\"true\"><rect width=\"100%\" height=\"11\" rx=\"2\" fill=\"{color}\"/></svg>{Escape(Numbers.Probability(r.All))}</td>"));
            for (var k = 0; k < report.Wishes.Count; k++)
                page.Append($"<td>{Escape(Numbers.Of(r.Means[k].Estimate, "0.###"))}{Numbers.Span(r.Means[k], "0.###")}<span class=\"interval\">probability {Escape(Numbers.Probability(r.Each[k]))}</span></td>");
            page.Append($"<td>{(r.OnFront ? "yes" : "no")}<span class=\"interval\">probability {Escape(Numbers.Probability(r.FrontProbability))}</span></td></tr>\n");
        }

        page.Append("</tbody>\n</table></div>\n");
    }
}
