using OptBias.Kernels;

namespace OptBias.Runtime.Tests;

/// <summary>Every worker of a team runs once, and the caller waits for all. Which team a machine takes depends on its OpenMP runtime.</summary>
public sealed unsafe class WorkerTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    public void Each_worker_of_the_thread_pool_runs_once_and_all_are_waited_for(int workers) => RunsEachOnce(new ThreadPoolTeam(), workers);

    [SkippableTheory]
    [InlineData(2)]
    [InlineData(9)]
    public void Each_worker_of_OpenMP_runs_once_and_all_are_waited_for(int workers)
    {
        var team = OpenMpTeam.Find();
        Skip.If(team is null, "This libtorch brings no OpenMP runtime that can be entered.");
        RunsEachOnce(team, workers);
    }

    private static void RunsEachOnce(IWorkerTeam team, int workers)
    {
        var counts = stackalloc int[workers];
        for (var round = 0; round < 50; round++)
        {
            new Span<int>(counts, workers).Clear();
            team.Run(workers, &Count, counts);
            Assert.All(new Span<int>(counts, workers).ToArray(), static count => Assert.Equal(1, count));
        }
    }

    private static void Count(int worker, void* counts) => Interlocked.Increment(ref ((int*)counts)[worker]);
}
