using OptBias.Lab.Storage;
using OptBias.Lab.Studies;
using Spectre.Console;

namespace OptBias.Lab.Commands;

/// <summary>Says where the time of the runs went.</summary>
internal static class Profile
{
    public static void Print(IAnsiConsole console, IReadOnlyList<RunRecord> records)
    {
        var activities = records.SelectMany(r => r.Metrics.Keys).Where(k => k.StartsWith(MetricNames.SecondsPrefix, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal).ToArray();
        var table = new Table().Border(TableBorder.Rounded).Title("Seconds by activity, and per run").AddColumn("");
        table.AddColumn(new TableColumn("runs").RightAligned());
        foreach (var activity in activities)
            table.AddColumn(new TableColumn(activity[MetricNames.SecondsPrefix.Length..]).RightAligned());
        table.AddColumn(new TableColumn("total").RightAligned());
        table.AddColumn(new TableColumn("per run").RightAligned());
        foreach (var method in records.GroupBy(r => r.Method).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var runs = method.ToArray();
            var total = runs.Sum(r => r.WallSeconds);
            table.AddRow([
                PrintableText.Markup(method.Key), $"{runs.Length}",
                .. activities.Select(a => $"{runs.Sum(r => double.IsNaN(r.Metric(a)) ? 0 : r.Metric(a)):0.0}"),
                $"{total:0.0}", $"{total / runs.Length:0.00}"]);
        }

        console.Write(table);
    }
}
