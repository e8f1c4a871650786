using System.Diagnostics;
using OptBias.Lab.Storage;

namespace OptBias.Lab.Tests.Storage;

/// <summary>One command has a folder for itself, or the tasks of a sweep have it together.</summary>
public sealed class FolderLockTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => this.directory.Dispose();

    [Fact]
    public void Tasks_share_a_folder_and_keep_other_commands_out()
    {
        using var one = this.Join();
        using (this.Join())
        {
        }

        var e = Assert.Throws<StorageException>(() => SampleRun.Open(this.directory.Path));
        Assert.Equal($"Tasks of a sweep are writing into {this.directory.Path}. optbias status {this.directory.Path} shows them, optbias cancel {this.directory.Path} ends them.", e.Message);
    }

    [Fact]
    public void A_command_that_has_the_folder_for_itself_is_named()
    {
        using var run = SampleRun.Open(this.directory.Path);
        var expected = $"Another optbias is writing into {this.directory.Path}: process {System.Environment.ProcessId} on {System.Environment.MachineName}. Wait until it ends, or stop it; what is finished is kept.";
        Assert.Equal(expected, Assert.Throws<StorageException>(() => this.Join()).Message);
        Assert.Equal(expected, Assert.Throws<StorageException>(() => SampleRun.Open(this.directory.Path)).Message);
    }

    [Fact]
    public async Task A_task_waits_for_a_command_that_is_about_to_end()
    {
        var run = SampleRun.Open(this.directory.Path);
        var end = Task.Run(async () =>
        {
            await Task.Delay(300);
            run.Dispose();
        });
        using (RunStore.Join(this.directory.Path, SampleRun.Manifest(), TimeSpan.FromSeconds(30)))
            await end;
    }

    [Fact]
    public void A_sweep_lets_its_tasks_in_and_keeps_a_second_sweep_out()
    {
        using var sweep = SampleRun.Open(this.directory.Path);
        sweep.LetTasksIn();
        using (var task = this.Join())
            task.Add(SampleRun.Of("a", 1));
        Assert.Contains("Another optbias is writing", Assert.Throws<StorageException>(() => SampleRun.Open(this.directory.Path)).Message);
        Assert.Empty(sweep.Records);
        sweep.Reload();
        Assert.Single(sweep.Records);
    }

    /// <summary>kill -9: the system lets go of the lock, and the next one says whose it was.</summary>
    [SkippableFact]
    public void A_lock_that_a_dead_process_left_is_taken_over_and_told()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "flock(1)");
        SampleRun.Open(this.directory.Path).Dispose();
        var path = Path.Combine(this.directory.Path, ".sweep.lock");
        using var holder = Process.Start(new ProcessStartInfo("flock", ["--exclusive", "--no-fork", path, "sleep", "600"]))!;
        File.WriteAllText(path + ".holder", $"process {holder.Id} on node7");
        Assert.True(SpinWait.SpinUntil(IsRefused, TimeSpan.FromSeconds(30)), "the other process never had the lock");
        holder.Kill();
        holder.WaitForExit();
        using (var store = SampleRun.Open(this.directory.Path))
            Assert.Equal($"process {holder.Id} on node7", store.TakenOverFrom);
        using var next = SampleRun.Open(this.directory.Path);
        Assert.Null(next.TakenOverFrom);

        bool IsRefused()
        {
            try
            {
                SampleRun.Open(this.directory.Path).Dispose();
                File.WriteAllText(path + ".holder", $"process {holder.Id} on node7");
                return false;
            }
            catch (StorageException e)
            {
                return e.Message.Contains($"process {holder.Id} on node7", StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_run_that_somebody_copied_from_elsewhere_is_left_out_and_left_alone()
    {
        using var elsewhere = new TemporaryDirectory();
        using (var other = SampleRun.Open(elsewhere.Path, SampleRun.Manifest() with { Study = "another" }))
            other.Add(SampleRun.Of("b", 1));
        using (var newer = SampleRun.Open(Path.Combine(elsewhere.Path, "newer"), SampleRun.Manifest() with { Version = "9.0.0" }))
            newer.Add(SampleRun.Of("c", 1) with { Version = "9.0.0+abc" });
        using (var store = SampleRun.Open(this.directory.Path))
            store.Add(SampleRun.Of("a", 1));
        File.Copy(Path.Combine(elsewhere.Path, "runs", "b.json"), Path.Combine(this.directory.Path, "runs", "b.json"));
        File.Copy(Path.Combine(elsewhere.Path, "newer", "runs", "c.json"), Path.Combine(this.directory.Path, "runs", "c.json"));
        using var again = SampleRun.Open(this.directory.Path);
        Assert.Equal(["a"], again.Records.Select(r => r.Key));
        Assert.Empty(again.Damaged);
        Assert.Equal(
            [
                "b.json: it is a run of the study another; move it to the folder of that study",
                "c.json: version 9.0.0 wrote it, and this folder is of version 0.1.0; move it to another folder",
            ],
            again.Foreign.Select(f => $"{Path.GetFileName(f.Path)}: {f.Problem}"));
        Assert.Equal(3, Directory.GetFiles(Path.Combine(this.directory.Path, "runs")).Length);
    }

    private RunStore Join() => RunStore.Join(this.directory.Path, SampleRun.Manifest(), TimeSpan.Zero);
}
