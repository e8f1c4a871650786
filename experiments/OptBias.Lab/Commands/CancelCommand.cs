using System.CommandLine;
using OptBias.Lab.Storage;
using OptBias.Lab.Sweeps;
using OptBias.Lab.Sweeps.Slurm;

namespace OptBias.Lab.Commands;

/// <summary><c>optbias cancel [DIR]</c>: ends what a sweep has queued or running. What is finished is kept.</summary>
internal static class CancelCommand
{
    public static Command Create(Laboratory laboratory)
    {
        var directory = new Argument<string?>("directory") { Arity = ArgumentArity.ZeroOrOne, Description = "Folder of a study's results. Default: every study's folder in results." };
        var command = new Command("cancel", "Ends the tasks of a sweep; finished runs are kept.") { directory };
        command.SetAction(parsed =>
        {
            foreach (var folder in StatusCommand.Folders(laboratory, parsed.GetValue(directory)))
                Console.WriteLine(PrintableText.Of($"{folder}: {Cancel(folder)} What is finished is kept; the same optbias sweep goes on."));
            return 0;
        });
        return command;
    }

    private static string Cancel(string folder)
    {
        if (SweepFile.Read(folder) is not { } sweep)
            return "no sweep was started.";
        if (sweep.Engine == SweepFile.Slurm)
        {
            var queued = SlurmQueue.Read(sweep.Jobs.Values);
            if (queued.Count == 0)
                return "nothing is queued.";
            SlurmProgram.Run("scancel", sweep.Jobs.Values);
            return $"cancelled {queued.Count(t => t.IsRunning)} running and {queued.Count(t => !t.IsRunning)} waiting tasks (job {string.Join(", ", queued.Select(t => t.Job).Distinct())}).";
        }

        if (sweep.Host != System.Environment.MachineName)
            throw new StorageException($"The sweep of {folder} was started on {sweep.Host}; cancel it there.");
        // The sweep first: it would start the next task. It asks its own tasks to stop; those that outlived it are asked here.
        int[] alive = [.. new[] { sweep.Process }.Concat(TaskFile.ReadAll(folder).Where(t => t.Outcome == TaskOutcome.Running && t.Host == sweep.Host).Select(t => t.Process)).Where(LocalProcess.IsAlive)];
        foreach (var process in alive)
            LocalProcess.Stop(process);
        return alive.Length == 0 ? "nothing runs." : $"asked {alive.Length} {(alive.Length == 1 ? "process" : "processes")} to stop after their current step.";
    }
}
