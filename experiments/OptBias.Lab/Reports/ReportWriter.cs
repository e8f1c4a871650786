using System.Text;
using OptBias.Lab.Reports.Figures;
using OptBias.Lab.Reports.Figures.Painters;
using OptBias.Lab.Reports.Figures.Scenes;
using OptBias.Lab.Reports.Page;
using static OptBias.Lab.Reports.Page.Html;

namespace OptBias.Lab.Reports;

/// <summary>Writes a report: <c>report.html</c>, which needs nothing but itself, and every figure as SVG and PNG in <c>figures/</c> beside it.</summary>
public static class ReportWriter
{
    /// <summary>Writes the report and returns the path of its page. Files that are there already are replaced, each at once or not at all.</summary>
    /// <param name="report">The report.</param>
    /// <param name="directory">Where to; made if it is not there.</param>
    /// <exception cref="ArgumentException">The report does not hold together: an unknown optimizer, lengths that differ, a figure's name twice.</exception>
    /// <exception cref="IOException">The directory cannot be written.</exception>
    public static string Write(StudyReport report, string directory)
    {
        ReportCheck.Require(report);
        var styles = Palette.Assign(report.Optimizers);
        FigureFiles.Write(report.Figures, styles, directory);
        var path = Path.Combine(directory, "report.html");
        FigureFiles.Replace(path, Encoding.UTF8.GetBytes(Page(report, styles)));
        return path;
    }

    /// <summary>Writes the page alone, to be sent or checked in: no figures beside it, and no links to them.</summary>
    /// <param name="report">The report.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="ArgumentException">The report does not hold together.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteAlone(StudyReport report, string path)
    {
        ReportCheck.Require(report);
        var styles = Palette.Assign(report.Optimizers);
        if (Path.GetDirectoryName(path) is { Length: > 0 } directory)
            Directory.CreateDirectory(directory);
        FigureFiles.Replace(path, Encoding.UTF8.GetBytes(Page(report, styles, linked: false)));
    }

    /// <summary>The answer and its figure, then the table, what it says and does not say, the rest of the results, and at the end how it was done.</summary>
    private static string Page(StudyReport report, IReadOnlyDictionary<string, SeriesStyle> styles, bool linked = true)
    {
        var page = new StringBuilder();
        page.Append($"<header>\n<p class=\"kicker\">{Escape(report.Study)}</p>\n<h1>{Escape(report.Title)}</h1>\n<p class=\"question\">{Escape(report.Question)}</p>\n");
        Sections.Paragraphs(page, report.Answer, "answer");
        page.Append($"<p class=\"facts\">{report.Optimizers.Count(o => !o.IsReference)} optimizers · {Counted.Seeds(report.Settings.Seeds.Count)} · {Runs(report)}{(report.Diverged.Count == 0 ? "" : $", {report.Diverged.Count} of them diverged")} · {Escape(Numbers.Time(report.Settings.WallTime))} · commit {Escape(report.Settings.Commit)}</p>\n");
        if (report.Settings.Unfinished > 0)
            page.Append($"<div class=\"warning\"><p>{Escape(Sections.Interrupted(report.Settings))}</p></div>\n");
        page.Append("</header>\n");

        Sections.Legend(page, report.Optimizers, styles);
        foreach (var figure in report.Figures.Take(1))
            FigureSection.Write(page, figure, styles, linked);
        TableSection.Write(page, report.Summary, styles, "h3");
        Sections.List(page, "What this says", report.Says);
        Sections.List(page, "What this does not say", report.DoesNotSay);

        if (report.Figures.Count > 1 || report.FurtherTables.Count > 0)
            page.Append("<h2>More results</h2>\n");
        foreach (var figure in report.Figures.Skip(1))
            FigureSection.Write(page, figure, styles, linked);
        foreach (var table in report.FurtherTables)
            TableSection.Write(page, table, styles, "h3");
        TestsSection.Write(page, report.PlannedTests, report.Tests);

        page.Append("<h2>Method</h2>\n");
        Sections.Paragraphs(page, report.Method);
        WinnersSection.Write(page, report.Winners);
        Sections.Diverged(page, report.Diverged, report.Settings.Runs);
        Sections.Settings(page, report.Settings, report.Optimizers);
        return HtmlPage.Compose($"{report.Title} · OptBias", page.ToString(), styles);
    }

    private static string Runs(StudyReport report) => report.Settings.Unfinished == 0 ? Counted.Runs(report.Settings.Runs)
        : $"{report.Settings.Runs} of {Counted.Runs(report.Settings.Runs + report.Settings.Unfinished)}";
}
