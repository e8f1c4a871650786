using OptBias.Lab.Reports;
using Spectre.Console;

namespace OptBias.Lab.Commands;

/// <summary>Shows a report's main table and its warnings on the terminal.</summary>
internal static class TerminalTable
{
    public static void Print(IAnsiConsole console, StudyReport report, string? warning = null)
    {
        var summary = report.Summary;
        foreach (var columns in Parts(summary, console.Profile.Width))
            console.Write(Part(summary, columns, columns[0] == 0));
        if (summary.Note.Length > 0)
            console.MarkupLine($"[grey]{PrintableText.Markup(summary.Note)}[/]");
        if (warning is not null)
            console.MarkupLine($"[yellow]{PrintableText.Markup(warning)}[/]");
        foreach (var winner in report.Winners.Where(w => w.IsAtEdge))
            console.MarkupLine($"[yellow]{PrintableText.Markup(winner.Optimizer)}: the best {winner.Hyperparameter} {winner.Value} lies on the edge of its grid; a better one may lie beyond.[/]");
        if (report.Diverged.Count > 0)
            console.MarkupLine($"[yellow]{Counted.Runs(report.Diverged.Count)} diverged; the report lists them.[/]");
        foreach (var sentence in report.Answer)
            console.WriteLine(PrintableText.Of(sentence));
    }

    /// <summary>The columns that stand beside each other: as many as the terminal is wide for, since a number that is broken into lines is none.</summary>
    private static IEnumerable<int[]> Parts(SummaryTable summary, int width)
    {
        const int Border = 3;
        var names = summary.Rows.Select(Name).Select(name => name.Length).DefaultIfEmpty(0).Max() + Border + 1;
        var part = new List<int>();
        var used = names;
        for (var i = 0; i < summary.Metrics.Count; i++)
        {
            var needed = Border + summary.Rows.Select(row => row.Cells[i].ToString(summary.Metrics[i].Format).Length).Append(Head(summary.Metrics[i]).Length).Max();
            if (part.Count > 0 && used + needed > width)
            {
                yield return [.. part];
                part.Clear();
                used = names;
            }

            part.Add(i);
            used += needed;
        }

        if (part.Count > 0)
            yield return [.. part];
    }

    private static Table Part(SummaryTable summary, int[] columns, bool isFirst)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("");
        if (isFirst)
            table.Title(PrintableText.Markup(summary.Title));
        foreach (var i in columns)
            table.AddColumn(new TableColumn(PrintableText.Markup(Head(summary.Metrics[i]))).RightAligned().NoWrap());
        foreach (var row in summary.Rows)
            table.AddRow([$"[bold]{PrintableText.Markup(Name(row))}[/]", .. columns.Select(i => PrintableText.Markup(row.Cells[i].ToString(summary.Metrics[i].Format)))]);
        return table;
    }

    private static string Head(ReportMetric metric) => metric.Unit.Length > 0 ? $"{metric.Name} ({metric.Unit})" : metric.Name;

    private static string Name(SummaryRow row) => row.Variant.Length > 0 ? $"{row.Optimizer}, {row.Variant}" : row.Optimizer;
}
