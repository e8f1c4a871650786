using OptBias.Lab.Storage;
using OptBias.Lab.Studies;
using OptBias.Lab.Sweeps;
using OptBias.Lab.Tests.Training;
using OptBias.Lab.Training;

namespace OptBias.Lab.Tests.Sweeps;

public sealed class SweepTaskTests(SmallDigits digits) : IClassFixture<SmallDigits>, IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => this.directory.Dispose();

    [Fact]
    public void All_slices_of_all_stages_are_the_whole_study_each_run_once()
    {
        var runs = 0;
        var study = new FakeStudy(7, (trial, _) =>
        {
            Interlocked.Increment(ref runs);
            return new() { Metrics = new Dictionary<string, double> { ["seed"] = trial.Seed } };
        });
        foreach (var stage in new[] { "tuning", "results" })
        {
            // Twice, as after a requeue: a finished run is never repeated.
            foreach (var number in new[] { 3, 1, 2, 1, 3 })
                Assert.True(this.Run(study, stage, number, 3));
        }

        using var store = RunStore.OpenExisting(this.directory.Path);
        Assert.Equal(7 + 3, runs);
        Assert.Equal(10, store.Records.Count);
        Assert.All(store.Records.Where(r => r.Phase == Phase.Result), r => Assert.Equal("28", r.Settings["setting"]));
        Assert.Equal(6, TaskFile.ReadAll(this.directory.Path).Count(t => t.Outcome == TaskOutcome.Done));
    }

    [Fact]
    public void A_stage_whose_runs_depend_on_missing_ones_says_what_is_missing_and_what_to_do()
    {
        var study = new FakeStudy(7);
        this.Run(study, "tuning", 1, 2);
        var e = Assert.Throws<StorageException>(() => this.Run(study, "results", 1, 2));
        Assert.Contains("results needs all runs of tuning, and 3 runs of 7 are missing", e.Message);
        Assert.Contains("The same optbias sweep submits them again", e.Message);
        var task = Assert.Single(TaskFile.ReadAll(this.directory.Path), t => t.Stage == "results");
        Assert.Equal(TaskOutcome.Failed, task.Outcome);
    }

    /// <summary>A network file system shows what another node wrote some seconds late.</summary>
    [Fact]
    public async Task A_stage_waits_until_the_folder_shows_what_other_nodes_finished()
    {
        var study = new FakeStudy(7);
        this.Run(study, "tuning", 1, 2);
        var late = Task.Run(async () =>
        {
            await Task.Delay(500);
            this.Run(study, "tuning", 2, 2);
        });
        Assert.True(this.Run(study, "results", 1, 1, TimeSpan.FromSeconds(60)));
        await late;
    }

    [Fact]
    public void A_run_that_fails_is_told_and_the_others_of_the_slice_are_done()
    {
        var study = new FakeStudy(5, (trial, _) => trial.Seed == 2 ? throw new InvalidOperationException("out of luck") : new());
        var output = new StringWriter();
        Assert.False(this.Run(study, "tuning", 1, 1, output: output));
        using (var store = RunStore.OpenExisting(this.directory.Path))
            Assert.Equal([1, 3, 4, 5], store.Records.Select(r => r.Seed).Order());
        var task = Assert.Single(TaskFile.ReadAll(this.directory.Path));
        Assert.Equal(TaskOutcome.Failed, task.Outcome);
        Assert.Equal("tuning of Sgd, seed 2: out of luck", Assert.Single(task.Failures).Value);
        Assert.Contains("failed: tuning of Sgd, seed 2: out of luck", output.ToString());
        // Mended: the same slice again does the one run, and nothing failed any more.
        Assert.True(this.Run(new FakeStudy(5), "tuning", 1, 1));
        Assert.Empty(Assert.Single(TaskFile.ReadAll(this.directory.Path)).Failures);
    }

    [Fact]
    public void A_task_that_is_asked_to_stop_keeps_what_is_finished()
    {
        using var stop = new CancellationTokenSource();
        var study = new FakeStudy(5, (trial, token) =>
        {
            if (trial.Seed == 3)
                stop.Cancel();
            token.ThrowIfCancellationRequested();
            return new();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => this.Run(study, "tuning", 1, 1, cancellation: stop.Token));
        Assert.Equal(TaskOutcome.Stopped, Assert.Single(TaskFile.ReadAll(this.directory.Path)).Outcome);
        Assert.True(this.Run(new FakeStudy(5), "tuning", 1, 1));
    }

    [SkippableFact]
    public void A_disk_that_fills_ends_the_task_with_a_message_and_loses_nothing()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", this.directory.Path), "needs the right to mount a small disk");
        try
        {
            var study = new FakeStudy(40);
            var e = Assert.Throws<StorageException>(() => this.Run(study, "tuning", 1, 1));
            Assert.Matches("^Cannot write .*: No space left on device.* What was finished before is kept. Make room, then give the same command again.$", e.Message);
            var kept = Kept();
            Assert.InRange(kept.Length, 1, 39);
            Assert.True(Mount("-o", "remount,ro", this.directory.Path));
            Assert.Matches("Read-only file system.* Give a folder that this user may write with --out.$", Assert.Throws<StorageException>(() => this.Run(study, "tuning", 1, 1)).Message);
            Assert.True(Mount("-o", "remount,rw,size=4m", this.directory.Path));
            Assert.True(this.Run(study, "tuning", 1, 1));
            Assert.Equal(40, Kept().Length);
            Assert.Subset(Kept().ToHashSet(), kept.ToHashSet());
        }
        finally
        {
            System.Diagnostics.Process.Start("umount", [this.directory.Path]).WaitForExit();
        }

        string[] Kept()
        {
            using var store = RunStore.OpenExisting(this.directory.Path);
            Assert.Empty(store.Damaged);
            return [.. store.Records.Select(r => r.Key)];
        }

        static bool Mount(params string[] arguments)
        {
            using var mount = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("mount", arguments) { RedirectStandardError = true })!;
            mount.WaitForExit();
            return mount.ExitCode == 0;
        }
    }

    [Fact]
    public void Tasks_of_two_grids_do_not_share_a_folder()
    {
        this.Run(new FakeStudy(5), "tuning", 1, 1);
        Assert.Contains("data: the folder has none, asked for is others", Assert.Throws<StorageException>(() => RunStore.Join(this.directory.Path, new FakeStudy(5).Manifest("others"), TimeSpan.Zero)).Message);
    }

    /// <summary>A node that was taken for dead may come back and write the same run as the node that replaced it.</summary>
    [Fact]
    public void Two_tasks_that_write_the_same_run_leave_one_whole_run()
    {
        using var one = RunStore.Join(this.directory.Path, new FakeStudy(1).Manifest(), TimeSpan.Zero);
        using var other = RunStore.Join(this.directory.Path, new FakeStudy(1).Manifest(), TimeSpan.Zero);
        var run = Storage.SampleRun.Of("a", 0.5);
        Parallel.ForEach(new[] { one, other }, store =>
        {
            for (var i = 0; i < 100; i++)
                store.Add(run with { Key = $"k{i / 10}" });
        });
        using var read = RunStore.OpenExisting(this.directory.Path);
        Assert.Equal(10, read.Records.Count);
        Assert.Empty(read.Damaged);
        Assert.Empty(Directory.GetFiles(this.directory.Path, "*" + DurableFile.UnfinishedExtension, SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(-3700, "3700 s behind that of the shared folder")]
    [InlineData(3700, "3700 s ahead of that of the shared folder")]
    [InlineData(20, null)]
    public void A_clock_that_is_off_is_told_and_decides_nothing(int seconds, string? expected)
    {
        var file = Path.Combine(this.directory.Path, "written");
        File.WriteAllText(file, "");
        var warning = SweepTask.ClockWarning(file, File.GetLastWriteTimeUtc(file).AddSeconds(seconds));
        if (expected is null)
            Assert.Null(warning);
        else
            Assert.Contains(expected, warning);
    }

    [Theory]
    [InlineData("6", 6)]
    [InlineData("x", null)]
    [InlineData(null, null)]
    public void A_task_has_as_many_runs_at_once_as_Slurm_gave_it_cores(string? variable, int? jobs) =>
        Assert.Equal(jobs ?? System.Environment.ProcessorCount, TaskShare.Jobs(name => name == "SLURM_CPUS_PER_TASK" ? variable : null));

    [SkippableFact]
    public void Tasks_on_one_machine_have_cores_of_their_own()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && System.Environment.ProcessorCount is > 1 and <= 64, "needs Linux and two cores");
        var shares = TaskShare.Cores(System.Environment.ProcessorCount / 2, 2)!.Select(s => s.Split(',')).ToArray();
        Assert.All(shares, s => Assert.Equal(2, s.Length));
        Assert.Equal(shares.Sum(s => s.Length), shares.SelectMany(s => s).Distinct().Count());
        Assert.Null(TaskShare.Cores(System.Environment.ProcessorCount, 2));
    }

    private bool Run(FakeStudy study, string stage, int number, int count, TimeSpan? patience = null, TextWriter? output = null, CancellationToken cancellation = default)
    {
        using var store = RunStore.Join(this.directory.Path, study.Manifest(), TimeSpan.Zero);
        return new SweepTask { Study = study, Plan = study.Plan(), Stage = stage, Slice = new(number, count), Jobs = 1, Patience = patience ?? TimeSpan.Zero }
            .Run(digits.Data, DeclaredOptimizers.Default, store, output ?? TextWriter.Null, cancellation);
    }
}
