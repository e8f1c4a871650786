using OptBias.Lab.Probes;
using OptBias.Lab.Reports.Page;
using Spectre.Console;

namespace OptBias.Lab.Commands;

/// <summary>The probes' numbers as tables of a terminal.</summary>
internal static class ProbeTables
{
    /// <summary>A table for each probe: ● marks a rule that theory predicts at the optimum and that is there, ○ one that is not there.</summary>
    public static IEnumerable<Table> Of(ProbeResults results)
    {
        foreach (var probe in results.Probes)
        {
            var table = new Table().Border(TableBorder.Rounded).Title(Markup.Escape(probe.Title)).AddColumn("");
            foreach (var measure in probe.Measures)
                table.AddColumn(new TableColumn(Markup.Escape(measure.Title)).RightAligned());
            table.AddColumn(new TableColumn("steps").RightAligned());
            var fails = results.Rules.Any(rule => results.Of(probe, rule).Failure is not null);
            if (fails)
                table.AddColumn("why there is no number");
            foreach (var rule in results.Rules)
            {
                var outcome = results.Of(probe, rule);
                table.AddRow([
                    $"[bold]{Markup.Escape(rule.Name)}[/]",
                    .. probe.Measures.Select(measure => Cell(results, probe, measure, rule)),
                    FormattableString.Invariant($"{outcome.Steps}"),
                    .. fails ? [Markup.Escape(outcome.Failure ?? "")] : Array.Empty<string>(),
                ]);
            }

            yield return table;
        }
    }

    private static string Cell(ProbeResults results, Probe probe, ProbeMeasure measure, Probes.Rules.ProbeRule rule)
    {
        var value = results.Value(probe, measure, rule);
        if (double.IsNaN(value))
            return "[grey]–[/]";
        var text = Markup.Escape(Numbers.Of(value, measure.Format));
        return results.Judge(probe, measure, rule) switch
        {
            Agreement.Agrees => $"[green]● {text}[/]",
            Agreement.Differs => $"[yellow]○ {text}[/]",
            _ => text,
        };
    }
}
