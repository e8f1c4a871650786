using System.CommandLine;
using OptBias.Lab.Models;
using Spectre.Console;

namespace OptBias.Lab.Commands;

/// <summary><c>optbias list</c>: what can be named on the command line.</summary>
internal static class ListCommand
{
    public static Command Create(Laboratory laboratory)
    {
        var command = new Command("list", "Names the studies, models and optimizers.");
        command.SetAction(_ =>
        {
            Section("Studies", laboratory.Studies.Select(s => (s.Name, $"{s.Summary} ({string.Join(", ", s.Presets.Select(p => p.Name))})")));
            Section("Models", laboratory.Models.Select(m => (m.Name, $"by default {ModelSpecification.Of(m).Name}")));
            Section("Optimizers", laboratory.Optimizers.All.Select(o => (o.Name, string.Join(", ", o.Hyperparameters.Select(h => $"{h.Name}={h.Default:R}")))));
            return 0;
        });
        return command;
    }

    private static void Section(string title, IEnumerable<(string Name, string About)> entries)
    {
        AnsiConsole.MarkupLine($"[bold]{title}[/]");
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0)).AddColumn();
        foreach (var (name, about) in entries)
            grid.AddRow(Markup.Escape(name), $"[grey]{Markup.Escape(about)}[/]");
        AnsiConsole.Write(grid);
    }
}
