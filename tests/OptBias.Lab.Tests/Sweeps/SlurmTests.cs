using OptBias.Lab.Storage;
using OptBias.Lab.Sweeps;
using OptBias.Lab.Sweeps.Slurm;
using OptBias.Lab.Tests.Commands;

namespace OptBias.Lab.Tests.Sweeps;

/// <summary>A tiny study through a real Slurm: job arrays, a killed and a requeued task, a controller that is stopped and started again.</summary>
public sealed class SlurmTests : IDisposable
{
    private static readonly string[] Study = ["class-incremental", "--optimizers", "Sgd,AdamW", "--seeds", "1"];
    private readonly TemporaryDirectory directory = new();

    private string Results => Path.Combine(this.directory.Path, "swept");

    public void Dispose() => this.directory.Dispose();

    [SkippableFact]
    public void A_study_through_Slurm_survives_a_kill_a_requeue_and_the_controller_and_gives_the_numbers_of_a_run()
    {
        using var cluster = SlurmCluster.Start(out var reason);
        Skip.If(cluster is null, $"no Slurm: {reason}");
        this.A_refusal_leaves_nothing_queued();

        var submitted = this.Sweep("--tasks", "4", "--cpus", "1");
        Assert.True(submitted.Code == 0, submitted.Error);
        Assert.Matches(@"tuning: 10 runs in 4 tasks, job \d+\nresults: runs in 4 tasks, job \d+, after \d+\n", submitted.Output);
        var jobs = SweepFile.Read(this.Results)!.Jobs;

        // A task that is requeued while it runs starts again and finds its finished runs.
        var requeued = this.WaitForTask(jobs["tuning"]);
        Requeue(requeued, cluster);
        var second = this.Sweep();
        Assert.Equal(2, second.Code);
        Assert.Contains("is still queued", second.Error);
        var status = this.Status();
        Assert.Matches(@"tuning\W+10\W+\d+\W+0\W+0\W+\d\W+\d", status);
        Assert.Matches(@"results\W+0\W+0\W+0\W+0\W+4", status);

        // The queue survives its controller, and status says where it is without one.
        cluster.StopController();
        Assert.Contains("What follows is from the folder alone. squeue refused: ", this.Status());
        SlurmCluster.StartController();

        // A task that is killed: what depends on it never starts, what is finished is kept, and a requeue does the rest.
        var killed = this.WaitForTask(jobs["results"]);
        Assert.Equal(0, SlurmCluster.Run("scancel", "--batch", "--signal=KILL", killed).Code);
        Wait(() => SlurmCluster.Run("squeue", "--noheader", $"--jobs={killed}", "--states=FAILED", "--format=%T").Output.Contains("FAILED", StringComparison.Ordinal), "the task was not killed", cluster);
        Requeue(killed, cluster);
        Wait(() => SlurmQueue.Read(jobs.Values).Count == 0, "the sweep does not end", cluster);

        Assert.Contains("All runs are done.", this.Status());
        Assert.Empty(SlurmQueue.Read(jobs.Values));
        var before = File.GetLastWriteTimeUtc(Path.Combine(this.Results, "sweep.json"));
        var nothing = this.Sweep();
        Assert.Equal((0, ""), Code(nothing));
        Assert.Contains("report.html", nothing.Output);
        Assert.Equal(before, File.GetLastWriteTimeUtc(Path.Combine(this.Results, "sweep.json")));

        var run = Path.Combine(this.directory.Path, "run");
        Assert.Equal(0, LaboratoryProcess.Run(this.directory.Path, ["run", .. Study, "--out", run]).ExitCode);
        Assert.Equal(StoredNumbers.Of(run), StoredNumbers.Of(this.Results));
        this.Missing_runs_alone_are_submitted_and_cancel_ends_them(cluster);
    }

    private static (int Code, string Error) Code((int Code, string Output, string Error) result) => (result.Code, result.Error);

    /// <summary>Starts a task again. Slurm holds it back for two minutes, for its node to recover; a test need not wait for that.</summary>
    private static void Requeue(string task, SlurmCluster cluster)
    {
        Assert.Equal((0, ""), Code(SlurmCluster.Run("scontrol", "requeue", task)));
        Wait(() => SlurmCluster.Run("squeue", "--noheader", $"--jobs={task}", "--format=%T").Output.Contains("PENDING", StringComparison.Ordinal), "the task is not requeued", cluster);
        Assert.Equal(0, SlurmCluster.Run("scontrol", "update", $"JobId={task}", "StartTime=now").Code);
    }

    private static void Wait(Func<bool> condition, string message, SlurmCluster cluster) =>
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                Thread.Sleep(300);
                return condition();
            },
            TimeSpan.FromMinutes(5)), $"{message}\n{SlurmCluster.Run("squeue").Output}{cluster.Log}");

    private void A_refusal_leaves_nothing_queued()
    {
        var (code, _, error) = this.Sweep("--partition", "nowhere");
        Assert.Equal(2, code);
        Assert.Contains("invalid partition specified: nowhere. sinfo --summarize lists the partitions; give one of them with --partition.", error);
        Assert.Equal("", SlurmCluster.Run("squeue", "--noheader").Output);
    }

    private void Missing_runs_alone_are_submitted_and_cancel_ends_them(SlurmCluster cluster)
    {
        string[] lost = [.. Directory.GetFiles(Path.Combine(this.Results, "runs"), "result-*.json").Order(StringComparer.Ordinal).Take(1)];
        Array.ForEach(lost, File.Delete);
        // More time than the partition has: Slurm takes the job and lets it wait for ever.
        var submitted = this.Sweep("--time", "99:00:00");
        Assert.Matches(@"^results: 1 run in 1 task, job \d+\n", submitted.Output);
        Wait(() => this.Status().Contains("may never start: Slurm says PartitionTimeLimit.", StringComparison.Ordinal), "status does not say why the task waits", cluster);
        Assert.Contains("cancelled 0 running and 1 waiting tasks", LaboratoryProcess.Run(this.directory.Path, "cancel", this.Results).Output);
        Assert.Contains("Nothing runs. 1 run", this.Status());
    }

    /// <summary>The first task of an array that runs and has begun its work.</summary>
    private string WaitForTask(string job)
    {
        TaskFile? task = null;
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                Thread.Sleep(100);
                return (task = TaskFile.ReadAll(this.Results).FirstOrDefault(t => t.Outcome == TaskOutcome.Running && t.Job?.StartsWith(job + "_", StringComparison.Ordinal) == true)) is not null;
            },
            TimeSpan.FromMinutes(2)), $"no task of job {job} began\n{SlurmCluster.Run("squeue").Output}");
        return task!.Job!;
    }

    private (int Code, string Output, string Error) Sweep(params string[] options) =>
        LaboratoryProcess.Run(this.directory.Path, ["sweep", .. Study, "--engine", "slurm", "--out", this.Results, .. options]);

    private string Status() => LaboratoryProcess.Run(this.directory.Path, "status", this.Results).Output;
}
