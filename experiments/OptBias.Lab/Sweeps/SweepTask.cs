using System.Globalization;
using OptBias.Lab.Data;
using OptBias.Lab.Execution;
using OptBias.Lab.Storage;
using OptBias.Lab.Studies;
using OptBias.Lab.Training;

namespace OptBias.Lab.Sweeps;

/// <summary>A task of a sweep: one slice of one stage, in a process of its own, whoever started it.</summary>
internal sealed class SweepTask
{
    /// <summary>How far a node's clock may be from the shared folder's.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly SortedDictionary<string, string> failures = new(StringComparer.Ordinal);

    /// <summary>The study.</summary>
    public required Study Study { get; init; }

    /// <summary>How it was asked for.</summary>
    public required StudyPlan Plan { get; init; }

    /// <summary>Name of the stage.</summary>
    public required string Stage { get; init; }

    /// <summary>The slice.</summary>
    public required Slice Slice { get; init; }

    /// <summary>Runs at the same time.</summary>
    public required int Jobs { get; init; }

    /// <summary>How long to wait until the folder shows what other nodes wrote: network file systems show it late.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Does the slice.</summary>
    /// <returns>Whether every run of it is finished.</returns>
    /// <exception cref="StorageException">The folder cannot be used, or an earlier stage is not finished.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; finished runs are kept.</exception>
    public bool Run(IStudyData data, IOptimizerSource optimizers, RunStore store, TextWriter output, CancellationToken cancellation)
    {
        var file = new TaskFile
        {
            Stage = this.Stage,
            Number = this.Slice.Number,
            Count = this.Slice.Count,
            Host = System.Environment.MachineName,
            Process = System.Environment.ProcessId,
            Job = TaskShare.Job,
            Jobs = this.Jobs,
        };
        file.Write(store.Directory);
        if (ClockWarning(TaskFile.PathOf(store.Directory, this.Stage, this.Slice.Number), DateTime.UtcNow) is { } warning)
        {
            output.WriteLine(warning);
            file = file with { Warning = warning };
        }

        var outcome = TaskOutcome.Failed;
        try
        {
            var stage = this.Reach(store, output);
            var trials = this.Slice.Of(stage.Trials(store.Records));
            var state = new ProgressState(trials.GroupBy(t => t.Method).ToDictionary(g => g.Key, g => g.Count()), trials.Select(t => store.Find(t.Key)).OfType<RunRecord>(), this.Jobs);
            var progress = new PlainProgress(output, state);
            new StudyRunner(this.Study, this.Plan, this.Jobs).Run(stage, this.Slice, new(data, optimizers, store, progress.TrialAdvanced), progress, this.Failed(output), cancellation);
            store.Pack();
            outcome = this.failures.Count == 0 ? TaskOutcome.Done : TaskOutcome.Failed;
            return this.failures.Count == 0;
        }
        catch (OperationCanceledException)
        {
            outcome = TaskOutcome.Stopped;
            throw;
        }
        catch (Exception e) when (e is StorageException)
        {
            this.failures[this.Stage] = e.Message;
            throw;
        }
        finally
        {
            this.TryWrite(file with { Outcome = outcome, Failures = this.failures }, store.Directory, output);
        }
    }

    /// <summary>
    /// What to say of a clock that is not the shared folder's, or null. Nothing is decided by time; but times in the records would mislead.
    /// </summary>
    /// <param name="written">A file that was written just now: its time is the folder's.</param>
    /// <param name="now">The time here.</param>
    internal static string? ClockWarning(string written, DateTime now)
    {
        var ahead = now - File.GetLastWriteTimeUtc(written);
        return ahead.Duration() <= ClockTolerance ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"The clock of {System.Environment.MachineName} is {ahead.Duration().TotalSeconds:0} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} that of the shared folder. Results are not affected, the times in records are; the clocks should be synchronised (chrony, ntp).");
    }

    /// <summary>The stage, when the folder shows all runs that it depends on.</summary>
    private Stage Reach(RunStore store, TextWriter output)
    {
        for (var waited = TimeSpan.Zero; ;)
        {
            var states = StageState.Of(this.Study, this.Plan, store);
            var before = states.TakeWhile(s => s.Stage.Name != this.Stage).ToArray();
            if (before.Length == states.Count)
                throw new ArgumentException($"The study {this.Study.Name} has no stage '{this.Stage}'. It has: {string.Join(", ", states.Select(s => s.Stage.Name))}.");
            if (before.FirstOrDefault(s => !s.IsDone) is not { } unfinished)
                return states[before.Length].Stage;
            if (waited >= this.Patience)
                throw new StorageException($"{this.Stage} needs all runs of {unfinished.Stage.Name}, and {Reports.Counted.Runs(unfinished.Missing.Count)} of {unfinished.Trials!.Count} are missing in {store.Directory}. The same optbias sweep submits them again.");
            if (waited == TimeSpan.Zero)
                output.WriteLine($"{Reports.Counted.Runs(unfinished.Missing.Count)} of {unfinished.Stage.Name} are not to be seen in {store.Directory} yet; waiting for the file system.");
            var pause = TimeSpan.FromSeconds(Math.Min(5, this.Patience.TotalSeconds));
            Thread.Sleep(pause);
            waited += pause;
            store.Reload();
        }
    }

    private Action<Trial, TrialException> Failed(TextWriter output) => (trial, e) =>
    {
        lock (this.gate)
        {
            this.failures[trial.Key] = e.Message;
            output.WriteLine(PrintableText.Of($"failed: {e.Message}"));
            output.WriteLine(e.InnerException);
        }
    };

    /// <summary>Where the disk is full the task's last word cannot be written either; the output has it.</summary>
    private void TryWrite(TaskFile file, string directory, TextWriter output)
    {
        try
        {
            file.Write(directory);
        }
        catch (StorageException e)
        {
            output.WriteLine(PrintableText.Of(e.Message));
        }
    }
}
