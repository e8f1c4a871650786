using System.CommandLine;
using System.Globalization;
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
            Section("Optimizers (optbias explain NAME says more)", laboratory.Optimizers.All.Select(o => (o.Name, Hyperparameters(o))));
            return 0;
        });
        return command;
    }

    private static string Hyperparameters(OptimizerDescriptor optimizer) =>
        string.Join(", ", optimizer.Hyperparameters.Select(h => string.Create(CultureInfo.InvariantCulture, $"{h.Name}={h.Default:R}")));

    private static void Section(string title, IEnumerable<(string Name, string About)> entries)
    {
        AnsiConsole.MarkupLine($"[bold]{PrintableText.Markup(title)}[/]");
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0)).AddColumn();
        foreach (var (name, about) in entries)
            grid.AddRow(PrintableText.Markup(name), $"[grey]{PrintableText.Markup(about)}[/]");
        AnsiConsole.Write(grid);
    }
}
