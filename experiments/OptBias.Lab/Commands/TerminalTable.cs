using OptBias.Lab.Reports;
using Spectre.Console;

namespace OptBias.Lab.Commands;

/// <summary>Shows a report's main table and its warnings on the terminal.</summary>
internal static class TerminalTable
{
    public static void Print(IAnsiConsole console, StudyReport report, string? warning = null)
    {
        var summary = report.Summary;
        var table = new Table().Border(TableBorder.Rounded).Title(PrintableText.Markup(summary.Title)).AddColumn("");
        foreach (var metric in summary.Metrics)
            table.AddColumn(new TableColumn(PrintableText.Markup(metric.Unit.Length > 0 ? $"{metric.Name} ({metric.Unit})" : metric.Name)).RightAligned());
        foreach (var row in summary.Rows)
        {
            var name = row.Variant.Length > 0 ? $"{row.Optimizer}, {row.Variant}" : row.Optimizer;
            table.AddRow([$"[bold]{PrintableText.Markup(name)}[/]", .. row.Cells.Select((cell, i) => PrintableText.Markup(cell.ToString(summary.Metrics[i].Format)))]);
        }

        console.Write(table);
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
}
