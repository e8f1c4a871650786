using System.CommandLine;
using OptBias.Lab.Reports;
using OptBias.Lab.Storage;
using OptBias.Lab.Studies;
using Spectre.Console;

namespace OptBias.Lab.Commands;

/// <summary><c>optbias report DIR</c>: makes the report again from finished runs.</summary>
internal static class ReportCommand
{
    public static Command Create(Laboratory laboratory)
    {
        var directory = new Argument<string>("directory") { Description = "Folder of a study's results." };
        var alone = new Option<string?>("--alone") { Description = "Also write the page alone to this file, without the figures beside it." };
        var command = new Command("report", "Makes the report of finished runs again, without training.") { directory, alone };
        command.SetAction(parsed =>
        {
            using var store = RunStore.OpenExisting(parsed.GetRequiredValue(directory));
            var (study, plan) = laboratory.Of(store);
            Warn(store, "The report is without it; optbias run does the run again");
            Finish(study, plan, store, parsed.GetValue(alone));
            return 0;
        });
        return command;
    }

    /// <summary>Names the damaged files of a folder.</summary>
    /// <param name="store">The folder.</param>
    /// <param name="consequence">What happens to their runs, without a full stop.</param>
    public static void Warn(RunStore store, string consequence)
    {
        foreach (var line in DamagedFile.Lines(store.Damaged))
            Console.Error.WriteLine(PrintableText.Of($"{line} {consequence}."));
        foreach (var line in DamagedFile.Lines(store.Foreign))
            Console.Error.WriteLine(PrintableText.Of($"{line} It is left out."));
        if (store.TakenOverFrom is { } dead)
            Console.Error.WriteLine(PrintableText.Of($"{store.Directory} was locked by {dead}, which is gone; the lock is taken over."));
    }

    /// <summary>Writes the report and the tables, and shows the main one.</summary>
    public static void Finish(Study study, StudyPlan plan, RunStore store, string? alone = null)
    {
        ParquetExport.Write(store);
        var unfinished = study.Stages(plan).Sum(stage => stage.Trials(store.Records).Count(t => store.Find(t.Key) is null));
        if (unfinished > 0)
            AnsiConsole.MarkupLine($"[yellow]{unfinished} runs of this study are not finished; the report is of what is there.[/]");
        var report = study.Report(plan, store.Records, Settings(plan, store) with { Unfinished = unfinished });
        if (FewSeeds(plan.Seeds) is { } warning)
            report = report with { DoesNotSay = [.. report.DoesNotSay, warning] };
        ReportWriter.Write(report, store.Directory);
        if (alone is not null)
            ReportWriter.WriteAlone(report, alone);
        TerminalTable.Print(AnsiConsole.Console, report, FewSeeds(plan.Seeds));
        Console.WriteLine(Path.Combine(store.Directory, "report.html"));
    }

    /// <summary>Where runs were computed, each once.</summary>
    internal static IReadOnlyList<string> MachinesOf(IEnumerable<RunRecord> runs) =>
        [.. runs.Select(static run => run.Machine ?? "not kept with the runs").Distinct().Order(StringComparer.Ordinal)];

    /// <summary>What few seeds do to the intervals, or null where there are enough of them.</summary>
    private static string? FewSeeds(int seeds) => seeds >= Statistics.BootstrapInterval.FewestForPercentiles ? null
        : seeds == 1 ? $"1 seed has no interval: nothing here tells an optimizer from chance. Results to rely on need at least {Statistics.BootstrapInterval.FewestForPercentiles}."
        : $"{seeds} seeds are few: their intervals are Student's t with the bootstrap's standard error, which suppose values of about a normal distribution, and are wide. Results to rely on need at least {Statistics.BootstrapInterval.FewestForPercentiles}.";

    private static ReportSettings Settings(StudyPlan plan, RunStore store) => new()
    {
        Command = store.Manifest.Request.Command,
        Seeds = plan.ResultSeeds,
        TuningSeeds = plan.TuningSeeds,
        DataFingerprint = store.Manifest.Data,
        // Of the program that ran the runs, and where it did: the report may be made again later, by another, elsewhere.
        Machines = MachinesOf(store.Records),
        Commit = string.Join(", ", store.Records.Select(r => r.Version.Split('+')[^1]).Distinct().Order(StringComparer.Ordinal)),
        WallTime = TimeSpan.FromSeconds(store.Records.Sum(r => r.WallSeconds)),
        Runs = store.Records.Count,
        Others = new SortedDictionary<string, string>(store.Manifest.Grid.ToDictionary(), StringComparer.Ordinal),
    };
}
