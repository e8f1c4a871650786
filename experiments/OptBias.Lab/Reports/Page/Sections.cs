using System.Text;
using OptBias.Lab.Reports.Figures.Painters;
using static OptBias.Lab.Reports.Page.Html;

namespace OptBias.Lab.Reports.Page;

/// <summary>The small sections of a page that are mostly prose.</summary>
internal static class Sections
{
    /// <summary>Checkboxes that switch the optimizers.</summary>
    public static void Legend(StringBuilder page, IReadOnlyList<ReportOptimizer> optimizers, IReadOnlyDictionary<string, SeriesStyle> styles)
    {
        page.Append("<div class=\"legend\" role=\"group\" aria-label=\"Optimizers shown\">\n");
        foreach (var optimizer in optimizers)
        {
            page.Append($"<label title=\"{Escape(optimizer.Description)}\"><input type=\"checkbox\" checked value=\"{Escape(optimizer.Name)}\">{SvgPainter.Swatch(styles[optimizer.Name])}<span>{Escape(optimizer.Name)}</span></label>\n");
        }

        page.Append("<button type=\"button\" value=\"all\">all</button><button type=\"button\" value=\"none\">none</button>\n</div>\n");
    }

    /// <summary>That the study did not come to its end, and what that means for the numbers.</summary>
    public static string Interrupted(ReportSettings settings) =>
        $"This study is not finished: {Counted.Runs(settings.Unfinished)} of {settings.Runs + settings.Unfinished} are missing. Every number is over the runs that are there; where seeds are missing, their number stands beside it. Nothing here is final.";

    /// <summary>A heading and a list, or nothing where the list is empty.</summary>
    public static void List(StringBuilder page, string heading, IReadOnlyList<string> entries)
    {
        if (entries.Count == 0)
            return;
        page.Append($"<h2>{Escape(heading)}</h2>\n");
        List(page, entries);
    }

    /// <summary>A list, or nothing where it is empty.</summary>
    public static void List(StringBuilder page, IEnumerable<string> entries)
    {
        if (!entries.Any())
            return;
        page.Append("<ul>\n");
        foreach (var entry in entries)
            page.Append($"<li>{Escape(entry)}</li>\n");
        page.Append("</ul>\n");
    }

    public static void Paragraphs(StringBuilder page, IEnumerable<string> paragraphs, string style = "")
    {
        foreach (var paragraph in paragraphs)
            page.Append(style.Length == 0 ? "<p>" : $"<p class=\"{style}\">").Append(Escape(paragraph)).Append("</p>\n");
    }

    /// <summary>The runs that diverged, or that none did: silence would not say which.</summary>
    public static void Diverged(StringBuilder page, IReadOnlyList<DivergedRun> diverged, int runs)
    {
        page.Append("<h3>Diverged runs</h3>\n");
        if (diverged.Count == 0)
        {
            page.Append($"<p>None of the {runs} runs diverged.</p>\n");
            return;
        }

        page.Append($"<p>{diverged.Count} of {runs} runs diverged. They are counted here and have no other numbers.</p>\n");
        page.Append("<div class=\"scroll\"><table>\n<thead><tr><th>Optimizer</th><th class=\"left\">Hyperparameters</th><th>Seed</th><th class=\"left\">Where</th></tr></thead>\n<tbody>\n");
        foreach (var run in diverged)
            page.Append($"<tr data-optimizer=\"{Escape(run.Optimizer)}\"><th>{Breakable(run.Optimizer)}</th><td class=\"left\">{Escape(run.Hyperparameters)}</td><td>{run.Seed}</td><td class=\"left\">{Escape(run.Where)}</td></tr>\n");
        page.Append("</tbody>\n</table></div>\n");
    }

    /// <summary>Everything that the numbers came from.</summary>
    public static void Settings(StringBuilder page, ReportSettings settings, IReadOnlyList<ReportOptimizer> optimizers)
    {
        page.Append("<h3>Settings</h3>\n<dl class=\"columns\">\n");
        Entry("Command", $"<code>{Escape(settings.Command)}</code>");
        Entry("Runs", $"{settings.Runs}");
        Entry("Seeds", Escape(string.Join(", ", settings.Seeds)));
        if (settings.TuningSeeds.Count > 0)
            Entry("Seeds of the tuning", Escape(string.Join(", ", settings.TuningSeeds)));
        Entry("Data", Escape(settings.DataFingerprint));
        Entry("Commit", $"<code>{Escape(settings.Commit)}</code>");
        Entry("Time of all runs", Escape(Numbers.Time(settings.WallTime)));
        Entry("Computed by", string.Join("<br>", settings.Machines.Select(Escape)));
        foreach (var (name, value) in settings.Others)
            Entry(name, Escape(value));
        foreach (var optimizer in optimizers.Where(o => o.Description.Length > 0))
            Entry(optimizer.Name, Escape(optimizer.Description));
        page.Append("</dl>\n");

        void Entry(string name, string value) => page.Append($"<dt>{Escape(name)}</dt><dd>{value}</dd>\n");
    }
}
