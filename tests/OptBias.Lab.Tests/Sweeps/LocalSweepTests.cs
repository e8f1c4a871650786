using System.Diagnostics;
using OptBias.Lab.Storage;
using OptBias.Lab.Sweeps;
using OptBias.Lab.Tests.Commands;

namespace OptBias.Lab.Tests.Sweeps;

public sealed class LocalSweepTests : IDisposable
{
    private static readonly string[] Study = ["class-incremental", "--optimizers", "Sgd", "--seeds", "1"];
    private readonly TemporaryDirectory directory = new();

    private string Results => Path.Combine(this.directory.Path, "swept");

    public void Dispose() => this.directory.Dispose();

    [SkippableFact]
    public void A_task_that_is_killed_is_named_and_the_same_sweep_goes_on_to_the_numbers_of_a_run()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "kill -9");
        using (var sweep = this.Sweep())
        {
            Process.GetProcessById(this.WaitForTask("tuning")).Kill();
            var (code, output, error) = sweep.Wait();
            Assert.Equal(2, code);
            Assert.Matches(@"optbias: tuning task \d/2 ended with code 137; it said: ", error);
            Assert.Contains("the same command goes on", error);
        }

        var status = LaboratoryProcess.Run(this.directory.Path, "status", this.Results);
        Assert.Matches(@"tuning task \d/2 on \S+ ended without a word", status.Output);
        Assert.Contains("Nothing runs.", status.Output);

        var kept = Directory.GetFiles(Path.Combine(this.Results, "runs"), "*.json").ToDictionary(f => f, File.GetLastWriteTimeUtc);
        using (var again = this.Sweep())
        {
            var (code, output, error) = again.Wait();
            Assert.True(code == 0, error);
            Assert.Contains("report.html", output);
        }

        Assert.All(kept, file => Assert.Equal(file.Value, File.GetLastWriteTimeUtc(file.Key)));
        var run = Path.Combine(this.directory.Path, "run");
        Assert.Equal(0, LaboratoryProcess.Run(this.directory.Path, ["run", .. Study, "--out", run]).ExitCode);
        Assert.Equal(StoredNumbers.Of(run), StoredNumbers.Of(this.Results));
        Assert.Contains("All runs are done.", LaboratoryProcess.Run(this.directory.Path, "status", this.Results).Output);
    }

    [SkippableFact]
    public void Cancel_ends_a_sweep_and_its_tasks_and_keeps_what_is_finished()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "signals");
        using var sweep = this.Sweep();
        var task = this.WaitForTask("tuning");
        var second = LaboratoryProcess.Run(this.directory.Path, ["sweep", .. Study, "--out", this.Results]);
        Assert.Equal(2, second.ExitCode);
        Assert.Contains($"Another optbias is writing into {this.Results}: process {sweep.Id} on", second.Error);
        Assert.Contains("to stop after", LaboratoryProcess.Run(this.directory.Path, "cancel", this.Results).Output);
        var (code, _, error) = sweep.Wait();
        Assert.Equal(130, code);
        Assert.Matches(@"^Stopped\. \d+ runs? kept in .*; the same command goes on\.\s*$", error);
        Assert.False(LocalProcess.IsAlive(task));
        Assert.Contains("nothing runs.", LaboratoryProcess.Run(this.directory.Path, "cancel", this.Results).Output);
    }

    [Fact]
    public void A_dry_run_prints_the_commands_and_leaves_nothing_behind()
    {
        var (code, output, _) = LaboratoryProcess.Run(this.directory.Path, ["sweep", .. Study, "--out", this.Results, "--dry-run", "--tasks", "2"]);
        Assert.Equal(0, code);
        Assert.Equal(["tuning --slice 1/2", "tuning --slice 2/2", "results --slice 1/2", "results --slice 2/2"], output.Trim().Split('\n').Select(line => line[(line.IndexOf("--stage ", StringComparison.Ordinal) + 8)..].Trim()));
        Assert.Empty(Directory.EnumerateFileSystemEntries(this.directory.Path));
    }

    [Fact]
    public void Options_of_Slurm_are_refused_without_it()
    {
        var (code, _, error) = LaboratoryProcess.Run(this.directory.Path, ["sweep", .. Study, "--partition", "long"]);
        Assert.Equal(2, code);
        Assert.Contains("--partition is for --engine slurm", error);
    }

    private LaboratoryProcess Sweep() => new(this.directory.Path, ["sweep", .. Study, "--out", this.Results, "--tasks", "2", "--array-limit", "2"]);

    /// <summary>The process of a task that runs.</summary>
    private int WaitForTask(string stage)
    {
        TaskFile? task = null;
        Assert.True(SpinWait.SpinUntil(() => (task = TaskFile.ReadAll(this.Results).FirstOrDefault(t => t.Stage == stage && t.Outcome == TaskOutcome.Running)) is not null, TimeSpan.FromMinutes(3)), "no task began");
        return task!.Process;
    }
}
