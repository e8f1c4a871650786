using TorchSharp;

namespace OptBias.Kernels;

/// <summary>Spreads work over as many threads as <c>torch.set_num_threads</c> allows.</summary>
internal static unsafe class Workers
{
    /// <summary>Fewest elements for which entering the team pays: below, one core is done before the second has begun.</summary>
    public const long Threshold = 32 * 1024;

    private static readonly Lazy<IWorkerTeam> Team = new(() => OpenMpTeam.Find() is { } team ? team : new ThreadPoolTeam());

    /// <summary>How many workers a piece of work on so many elements gets.</summary>
    public static int CountFor(long elements) =>
        elements < Threshold ? 1 : (int)Math.Min(torch.get_num_threads(), elements / (Threshold / 2));

    /// <summary>Runs the work, inline if there is one worker.</summary>
    public static void Run(int workers, delegate*<int, void*, void> work, void* state)
    {
        if (workers <= 1)
            work(0, state);
        else
            Team.Value.Run(workers, work, state);
    }
}
