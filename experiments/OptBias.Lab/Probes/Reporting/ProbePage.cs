using System.Text;
using OptBias.Lab.Probes.Rules;
using OptBias.Lab.Reports;
using OptBias.Lab.Reports.Figures;
using OptBias.Lab.Reports.Page;
using static OptBias.Lab.Reports.Page.Html;

namespace OptBias.Lab.Probes.Reporting;

/// <summary>The page of a run of the probes: the picture, then each probe with its problem, its theory, its numbers and its certificates.</summary>
internal static class ProbePage
{
    /// <summary>Writes <c>report.html</c> and the figures beside it, and returns the page's path.</summary>
    public static string Write(ProbeResults results, string command, TimeSpan? time, string directory)
    {
        Figure?[] candidates =
        [
            results.Probes.Any(p => p.Measures.Any(m => m.InMatrix)) ? ProbeFigures.All(results) : null,
            results.Probes.Any(p => p is MatrixMarginProbe) ? ProbeFigures.Geometries(results) : null,
            ProbeFigures.Spectra(results),
        ];
        Figure[] figures = [.. candidates.OfType<Figure>()];
        var styles = Palette.Assign([.. LineUp.Spectra(results.Rules).Select(r => new ReportOptimizer(r.Name))]);
        FigureFiles.Write(figures, styles, directory);
        void Show(StringBuilder to, string id)
        {
            var i = Array.FindIndex(figures, f => f.Id == id);
            if (i >= 0)
                FigureSection.Write(to, figures[i], styles);
        }

        var page = new StringBuilder();
        page.Append("<header>\n<p class=\"kicker\">probe</p>\n<h1>What do these optimizers prefer?</h1>\n")
            .Append("<p class=\"question\">Problems whose solutions are known exactly, float64, full batch. A rule is tuned by nothing but its degree in the gradient.</p>\n");
        Sections.Paragraphs(page, ProbeVerdict.Answer(results), "answer");
        page.Append($"<p class=\"facts\">{results.Rules.Count} rules · {results.Probes.Count} probes{(time is { } taken ? $" · {Escape(Numbers.Time(taken))}" : "")} · commit {Escape(Studies.Environment.Commit)}</p>\n</header>\n");
        Show(page, "probe-matrix");
        foreach (var probe in results.Probes)
        {
            Section(page, results, probe);
            if (probe is MatrixMarginProbe)
                Show(page, "geometry-matrix");
            if (probe is WeightChangeProbe)
                Show(page, "weight-change");
        }

        Rules(page, results);
        page.Append("<h2>Settings</h2>\n<dl class=\"columns\">\n")
            .Append($"<dt>Command</dt><dd><code>{Escape(command)}</code></dd>\n<dt>Computed by</dt><dd>{Escape(Studies.Environment.Machine)}</dd>\n</dl>\n");
        var path = Path.Combine(directory, "report.html");
        FigureFiles.Replace(path, Encoding.UTF8.GetBytes(HtmlPage.Compose("What do optimizers prefer? · OptBias", page.ToString(), styles)));
        return path;
    }

    private static void Section(StringBuilder page, ProbeResults results, Probe probe)
    {
        page.Append($"<h2 id=\"{Escape(probe.Name)}\">{Escape(probe.Title)}</h2>\n<p>{Escape(probe.Problem)}</p>\n<p>{Escape(probe.Prediction)} <span class=\"variant\">{Escape(probe.Source)}</span></p>\n");
        Sections.List(page, ProbeVerdict.Say(results, probe));
        if (probe.Exceptions.Length > 0)
            page.Append($"<p>{Escape(probe.Exceptions)}</p>\n");
        page.Append("<div class=\"scroll\"><table>\n<thead><tr><th>Rule</th>");
        foreach (var measure in probe.Measures)
            page.Append($"<th>{Escape(measure.Title)}</th>");
        page.Append("<th>Steps</th><th class=\"left\"></th></tr></thead>\n<tbody>\n");
        foreach (var rule in results.Rules)
        {
            var outcome = results.Of(probe, rule);
            page.Append($"<tr><th>{Breakable(rule.Name)}</th>");
            foreach (var measure in probe.Measures)
                Cell(page, results, probe, measure, rule);
            page.Append($"<td>{outcome.Steps}</td><td class=\"left\">{Escape(outcome.Failure ?? "")}</td></tr>\n");
        }

        page.Append("</tbody>\n</table></div>\n<dl class=\"definitions\">\n");
        foreach (var measure in probe.Measures)
            page.Append($"<div><dt>{Escape(measure.Title)}:</dt> <dd>{Escape(measure.Description)}</dd></div>\n");
        page.Append("</dl>\n");
        foreach (var certificate in probe.Certificates)
            page.Append($"<p class=\"note\">Certificate. {Escape(certificate)}</p>\n");
    }

    private static void Cell(StringBuilder page, ProbeResults results, Probe probe, ProbeMeasure measure, ProbeRule rule)
    {
        var value = results.Value(probe, measure, rule);
        var share = results.Share(probe, measure, rule);
        if (!double.IsFinite(value))
        {
            page.Append("<td>–</td>");
            return;
        }

        var fill = double.IsFinite(share) ? Palette.Sequential(share) : null;
        var style = fill is null ? "" : $"background:{fill};color:{Palette.TextOn(fill)};";
        style += results.Judge(probe, measure, rule) switch
        {
            Agreement.Agrees => "outline:2px solid #d0103a;outline-offset:-2px",
            Agreement.Differs => "outline:2px dashed #d0103a;outline-offset:-2px",
            _ => "",
        };
        page.Append($"<td style=\"{style}\">{Escape(Numbers.Of(value, measure.Format))}</td>");
    }

    private static void Rules(StringBuilder page, ProbeResults results)
    {
        page.Append("<h2>Rules</h2>\n<p>What each prediction and each step size follows from. A probe sets weight decay and every ε to 0 where the range allows it; what else differs from the declaration is named.</p>\n")
            .Append("<div class=\"scroll\"><table>\n<thead><tr><th>Rule</th><th>Degree</th><th class=\"left\">Derived properties</th><th class=\"left\">Set</th></tr></thead>\n<tbody>\n");
        foreach (var rule in results.Rules)
        {
            page.Append($"<tr><th>{Breakable(rule.Name)}</th><td>{Escape(rule.Properties.Degree is { } p ? Numbers.Of(p, "0.###") : "none")}</td><td class=\"left\">{Escape(string.Join(", ", rule.Properties.InWords()))}</td>")
                .Append($"<td class=\"left\">{Escape(string.Join(", ", rule.Changes.Select(c => $"{c.Key} = {Numbers.Hyper(c.Value)}")))}</td></tr>\n");
        }

        page.Append("</tbody>\n</table></div>\n");
    }
}
