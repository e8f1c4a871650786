using System.CommandLine;
using OptBias.Lab.Storage;
using OptBias.Lab.Sweeps;
using Spectre.Console;

namespace OptBias.Lab.Commands;

/// <summary><c>optbias status [DIR]</c>: how far a study is, from its folder and from Slurm's queue.</summary>
internal static class StatusCommand
{
    public static Command Create(Laboratory laboratory)
    {
        var directory = new Argument<string?>("directory") { Arity = ArgumentArity.ZeroOrOne, Description = "Folder of a study's results. Default: every study's folder in results." };
        var command = new Command("status", "Shows what is done, what runs, what failed and how long the rest takes.") { directory };
        command.SetAction(parsed =>
        {
            foreach (var folder in Folders(laboratory, parsed.GetValue(directory)))
                Show(laboratory, folder);
            return 0;
        });
        return command;
    }

    /// <summary>The folder that was named, else those of all studies that have one.</summary>
    /// <exception cref="StorageException">There is none.</exception>
    public static IReadOnlyList<string> Folders(Laboratory laboratory, string? named)
    {
        if (named is not null)
            return [named];
        var all = laboratory.Folders();
        return all.Count > 0 ? all : throw new StorageException("There are no results in the folder results. Run a study first (optbias run, optbias sweep), or name its folder.");
    }

    private static void Show(Laboratory laboratory, string folder)
    {
        using var store = RunStore.OpenExisting(folder);
        ReportCommand.Warn(store, "Its run counts as not done");
        var (study, plan) = laboratory.Of(store);
        var status = SweepStatus.Of(study, plan, store);
        var table = new Table().Border(TableBorder.Rounded).Title(PrintableText.Markup($"{study.Name}, {plan.Preset.Name}, in {folder}")).AddColumn("");
        foreach (var column in new[] { "runs", "done", "diverged", "failed", "tasks running", "tasks waiting" })
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var stage in status.Stages)
        {
            table.AddRow(
                PrintableText.Markup(stage.Name), stage.Total is { } total ? $"{total}" : "?", $"{stage.Done}", $"{stage.Diverged}",
                stage.Failed > 0 ? $"[red]{stage.Failed}[/]" : "0", $"{stage.Running}", $"{stage.Waiting}");
        }

        AnsiConsole.Write(table);
        foreach (var line in status.Lines)
            Console.WriteLine(PrintableText.Of(line));
    }
}
