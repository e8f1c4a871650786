using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace OptBias.Benchmarks.Measurement;

/// <summary>The tables of one command: shown, and written as Markdown and JSON.</summary>
/// <param name="Command">The command that made them.</param>
/// <param name="Machine">What they were measured on.</param>
public sealed record Results(string Command, Machine Machine)
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The tables.</summary>
    public List<ResultTable> Tables { get; } = [];

    /// <summary>Shows a table and keeps it.</summary>
    public void Add(ResultTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        this.Tables.Add(table);
        var shown = new Table().Title(Markup.Escape(table.Title)).Border(TableBorder.Simple);
        for (var c = 0; c < table.Columns.Count; c++)
        {
            var column = new TableColumn(Markup.Escape(table.Columns[c]));
            shown.AddColumn(c == 0 ? column : column.RightAligned());
        }

        foreach (var row in table.Rows)
            shown.AddRow(row.Select(Markup.Escape).ToArray());
        AnsiConsole.Write(shown);
        if (table.Note.Length > 0)
            AnsiConsole.WriteLine(table.Note);
        AnsiConsole.WriteLine();
    }

    /// <summary>Writes <c>{command}.md</c> and <c>{command}.json</c>.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, this.Command + ".md"), this.ToMarkdown());
        File.WriteAllText(Path.Combine(folder, this.Command + ".json"), JsonSerializer.Serialize(this, Format) + "\n");
        AnsiConsole.WriteLine($"Written: {Path.Combine(folder, this.Command)}.md and .json");
    }

    private string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append(this.Machine).Append("\n\n");
        foreach (var table in this.Tables)
        {
            text.Append("### ").Append(table.Title).Append("\n\n");
            Row(table.Columns);
            Row(table.Columns.Select((_, c) => c == 0 ? "---" : "---:"));
            foreach (var row in table.Rows)
                Row(row);
            text.Append('\n');
            if (table.Note.Length > 0)
                text.Append(table.Note).Append("\n\n");
        }

        return text.ToString().TrimEnd('\n') + "\n";

        void Row(IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
    }
}

/// <summary>A table of results.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Columns">Headings; the first column names the rows.</param>
/// <param name="Rows">The cells as text.</param>
public sealed record ResultTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>How to read it.</summary>
    public string Note { get; init; } = "";
}
