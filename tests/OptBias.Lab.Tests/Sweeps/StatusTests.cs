using OptBias.Lab.Storage;
using OptBias.Lab.Sweeps;
using OptBias.Lab.Tests.Training;
using OptBias.Lab.Training;

namespace OptBias.Lab.Tests.Sweeps;

public sealed class StatusTests(SmallDigits digits) : IClassFixture<SmallDigits>, IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => this.directory.Dispose();

    [Fact]
    public void A_folder_that_is_filling_shows_what_is_done_diverged_failed_and_left()
    {
        var study = new FakeStudy(6, (trial, _) => trial.Seed switch
        {
            2 => throw new InvalidOperationException("out of luck"),
            3 => new() { Diverged = "task 1: the loss is NaN" },
            _ => new(),
        });
        this.Run(study, "tuning", 1, 1);
        var status = this.Status(study);
        Assert.Equal([new("tuning", 6, 5, 1, 1, 0, 0), new("results", null, 0, 0, 0, 0, 0)], status.Stages);
        Assert.Equal(
            [
                $"tuning task 1/1 on {System.Environment.MachineName} failed: tuning of Sgd, seed 2: out of luck Output: {Path.Combine(this.directory.Path, "tasks", "tuning-001.log")}",
                "Nothing runs. 4 runs left; the same optbias run or optbias sweep does them.",
            ],
            status.Lines);
    }

    [Fact]
    public void Nothing_left_is_said_and_how_to_make_the_report()
    {
        var study = new FakeStudy(2);
        this.Run(study, "tuning", 1, 1);
        this.Run(study, "results", 1, 1);
        var status = this.Status(study);
        Assert.Equal([new("tuning", 2, 2, 0, 0, 0, 0), new("results", 3, 3, 0, 0, 0, 0)], status.Stages);
        Assert.Equal([$"All runs are done. optbias report {this.directory.Path} makes the report."], status.Lines);
    }

    [Fact]
    public void A_task_that_ended_without_a_word_is_named_with_its_node()
    {
        var study = new FakeStudy(2);
        this.Run(study, "tuning", 1, 1);
        new TaskFile { Stage = "results", Number = 1, Count = 1, Host = System.Environment.MachineName, Process = int.MaxValue, Jobs = 1 }.Write(this.directory.Path);
        var status = this.Status(study);
        Assert.Equal(0, status.Stages[1].Running);
        Assert.Contains(status.Lines, line => line.StartsWith($"results task 1/1 on {System.Environment.MachineName} ended without a word (killed, out of memory, or its node died); its finished runs are kept.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_task_that_was_stopped_is_told()
    {
        var study = new FakeStudy(2);
        this.Run(study, "tuning", 1, 1);
        new TaskFile { Stage = "results", Number = 1, Count = 1, Host = "node7", Process = 1, Jobs = 1, Outcome = TaskOutcome.Stopped }.Write(this.directory.Path);
        Assert.Equal(
            ["1 task was asked to stop before the end: cancelled, or out of time (--time).", "Nothing runs. 3 runs left; the same optbias run or optbias sweep does them."],
            this.Status(study).Lines);
    }

    [Fact]
    public void A_task_that_runs_is_counted_and_the_rest_is_timed_by_it()
    {
        var study = new FakeStudy(2);
        this.Run(study, "tuning", 1, 1);
        new TaskFile { Stage = "results", Number = 1, Count = 1, Host = "node7", Process = 1, Jobs = 1 }.Write(this.directory.Path);
        var status = this.Status(study);
        Assert.Equal(1, status.Stages[1].Running);
        Assert.Equal("About 3 runs left, 0:00 at 1 at a time.", status.Lines.Single());
    }

    [Fact]
    public void A_file_that_does_not_say_what_was_submitted_is_told()
    {
        this.Run(new FakeStudy(2), "tuning", 1, 1);
        File.WriteAllText(Path.Combine(this.directory.Path, "sweep.json"), "{");
        Assert.Contains("does not say what was submitted", Assert.Throws<StorageException>(() => this.Status(new FakeStudy(2))).Message);
    }

    private SweepStatus Status(FakeStudy study)
    {
        using var store = RunStore.OpenExisting(this.directory.Path);
        return SweepStatus.Of(study, study.Plan(), store);
    }

    private void Run(FakeStudy study, string stage, int number, int count)
    {
        using var store = RunStore.Join(this.directory.Path, study.Manifest(), TimeSpan.Zero);
        new SweepTask { Study = study, Plan = study.Plan(), Stage = stage, Slice = new(number, count), Jobs = 1, Patience = TimeSpan.Zero }
            .Run(digits.Data, DeclaredOptimizers.Default, store, TextWriter.Null, default);
    }
}
