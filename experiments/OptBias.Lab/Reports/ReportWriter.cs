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
        var svgs = FigureFiles.Write(report.Figures, styles, directory);
        var path = Path.Combine(directory, "report.html");
        FigureFiles.Replace(path, Encoding.UTF8.GetBytes(Page(report, styles, svgs)));
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
        FigureFiles.Replace(path, Encoding.UTF8.GetBytes(Page(report, styles, [.. report.Figures.Select(f => FigureFiles.Svg(f, styles))], linked: false)));
    }

    private static string Page(StudyReport report, IReadOnlyDictionary<string, SeriesStyle> styles, IReadOnlyList<string> svgs, bool linked = true)
    {
        var page = new StringBuilder();
        page.Append($"<header>\n<p class=\"kicker\">{Escape(report.Study)}</p>\n<h1>{Escape(report.Title)}</h1>\n<p class=\"question\">{Escape(report.Question)}</p>\n");
        Sections.Paragraphs(page, report.Answer);
        page.Append($"<p class=\"facts\">{report.Optimizers.Count(o => !o.IsReference)} optimizers · {Counted.Seeds(report.Settings.Seeds.Count)} · {Counted.Runs(report.Settings.Runs)}{(report.Diverged.Count == 0 ? "" : $", {report.Diverged.Count} of them diverged")} · {Escape(Numbers.Time(report.Settings.WallTime))} · commit {Escape(report.Settings.Commit)}</p>\n</header>\n");

        page.Append("<h2>Method</h2>\n");
        Sections.Paragraphs(page, report.Method);
        page.Append("<h2>Results</h2>\n");
        Sections.Legend(page, report.Optimizers, styles);
        if (report.Figures.Count > 0)
            FigureSection.Write(page, report.Figures[0], svgs[0], linked);
        TableSection.Write(page, report.Summary, styles, "h3");
        for (var i = 1; i < report.Figures.Count; i++)
            FigureSection.Write(page, report.Figures[i], svgs[i], linked);
        foreach (var table in report.FurtherTables)
            TableSection.Write(page, table, styles, "h3");

        TestsSection.Write(page, report.PlannedTests, report.Tests);
        Sections.List(page, "What this says", report.Says);
        Sections.List(page, "What this does not say", report.DoesNotSay);
        WinnersSection.Write(page, report.Winners);
        Sections.Diverged(page, report.Diverged, report.Settings.Runs);
        Sections.Settings(page, report.Settings, report.Optimizers);
        return HtmlPage.Compose($"{report.Title} · OptBias", page.ToString());
    }
}
