using OptBias.Benchmarks.Measurement;
using OptBias.GpuCheck.Benchmark;
using OptBias.GpuCheck.Parity;
using OptBias.GpuCheck.Results;

namespace OptBias.GpuCheck.Tests;

/// <summary>What is met, what is missed, and what the exit code makes of it.</summary>
public sealed class GoalTests
{
    private static readonly BenchmarkWork Work = new("work", [[1000]], 1.10);

    [Theory]
    [InlineData(1.0, nameof(GoalStatus.Met))]
    [InlineData(1.104, nameof(GoalStatus.Met))]
    [InlineData(1.106, nameof(GoalStatus.Missed))]
    [InlineData(3.0, nameof(GoalStatus.Missed))]
    public void A_goal_is_met_at_its_limit_as_it_is_shown(double ratio, string expected)
    {
        var goal = Goal.Of(Work, Measured(generated: ratio, floor: 1, fused: 100)).First();
        Assert.Equal(expected, $"{goal.Status}");
        Assert.Equal(ratio, goal.Ratio!.Value, 10);
    }

    [Fact]
    public void Every_list_is_compared_with_PyTorchs_fused_kernel_and_large_ones_with_the_floor()
    {
        Assert.Equal(
            [("1 tensor of 256M", 1.10), ("1 tensor of 256M", 1.0), ("GPT-2's 148 tensors, 124M", 1.15), ("GPT-2's 148 tensors, 124M", 1.0), ("3,000 tensors of 1,000", 1.0)],
            BenchmarkWork.ForGpu.SelectMany(work => Goal.Of(work, Measured(1, 1, 1) with { Work = work.Name })).Select(goal => (goal.Work, goal.Limit)));
        Assert.Equal(GoalStatus.Missed, Goal.Of(Work, Measured(generated: 1.02, floor: 1, fused: 1)).Last().Status);
    }

    [Fact]
    public void The_lists_have_the_sizes_that_they_are_named_for()
    {
        Assert.Equal(
            [(1, 268_435_456), (148, 124_439_808), (3000, 3_000_000)],
            BenchmarkWork.ForGpu.Select(work => (work.Shapes.Count, work.Elements)));
        Assert.Equal(148, BenchmarkWork.ForDryRun[1].Shapes.Count);
    }

    [Fact]
    public void What_was_not_measured_is_neither_met_nor_missed()
    {
        var goal = Goal.Of(Work, Measured(1, 1, null)).Last();
        Assert.Equal(GoalStatus.NotMeasured, goal.Status);
        Assert.Equal("no python", goal.Problem);
        Assert.Equal("out of memory", Goal.Of(Work, new WorkResult { Work = "work", Tensors = 1, Elements = 1, BytesMoved = 1, Problem = "out of memory" }).First().Problem);
    }

    [Fact]
    public void The_exit_code_is_that_of_the_worst_that_was_found()
    {
        var fine = new CheckReport { DryRun = false, Started = default, Machine = "", Device = "", Goals = [.. Goal.Of(Work, Measured(1, 1, null))], Parity = [Parity(ParityOutcome.Agrees), Parity(ParityOutcome.NotSupported)] };
        Assert.Equal(ExitCode.Fine, fine.Result);
        var slow = fine with { Goals = [.. Goal.Of(Work, Measured(2, 1, 1))] };
        Assert.Equal(ExitCode.GoalMissed, slow.Result);
        Assert.Equal(ExitCode.Fine, (slow with { DryRun = true }).Result);
        Assert.Equal(ExitCode.GoalMissed, (fine with { Benchmark = [Measured(1, 1, 1) with { Problem = "out of memory" }] }).Result);
        Assert.Equal(ExitCode.ParityFailed, (slow with { Parity = [Parity(ParityOutcome.Agrees), Parity(ParityOutcome.Differs)] }).Result);
        Assert.Equal(ExitCode.ParityFailed, (fine with { Parity = [Parity(ParityOutcome.OutOfTime)] }).Result);
    }

    private static ParityResult Parity(ParityOutcome outcome) => new() { Optimizer = "AdamW", DType = "float32", Sizes = "Many", Outcome = outcome };

    private static WorkResult Measured(double generated, double floor, double? fused) => new()
    {
        Work = "work",
        Tensors = 1,
        Elements = 1000,
        BytesMoved = 28_000,
        Contenders =
        [
            new(WorkResult.Generated, Samples(WorkResult.Generated, generated)),
            new(WorkResult.Floor, Samples(WorkResult.Floor, floor)),
            new(WorkResult.PyTorchFused, fused is { } seconds ? Samples(WorkResult.PyTorchFused, seconds) : null, fused is null ? "no python" : null),
        ],
    };

    private static Samples Samples(string name, double seconds) => new(name, [seconds, seconds, seconds]);
}
