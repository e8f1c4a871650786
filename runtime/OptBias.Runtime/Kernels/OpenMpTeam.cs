using System.Runtime.InteropServices;
using OptBias.Native;

namespace OptBias.Kernels;

/// <summary>
/// libtorch's own OpenMP team, entered the way that compiled code enters it. After a backward pass its threads are still
/// awake, which no pool of our own can match, and sharing it means never fighting libtorch for the cores.
/// </summary>
internal sealed unsafe class OpenMpTeam : IWorkerTeam
{
    private readonly delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<void*, void>, void*, uint, uint, void> parallel;

    private OpenMpTeam(nint parallel) =>
        this.parallel = (delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<void*, void>, void*, uint, uint, void>)parallel;

    /// <summary>The team, if libtorch brought GNU's OpenMP runtime: on Linux it does, under a hashed file name.</summary>
    public static OpenMpTeam? Find() =>
        LoadedLibraries.FindExport("libgomp", "GOMP_parallel") is not 0 and var parallel ? new OpenMpTeam(parallel) : null;

    public void Run(int workers, delegate*<int, void*, void> work, void* state)
    {
        var region = new Region { Work = work, State = state, Workers = workers };
        this.parallel(&Enter, &region, (uint)workers, 0);

        // OpenMP may give fewer threads than asked for: nested regions get one.
        for (var worker = region.Entered; worker < workers; worker++)
            work(worker, state);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static void Enter(void* data)
    {
        var region = (Region*)data;
        var worker = Interlocked.Increment(ref region->Entered) - 1;
        if (worker < region->Workers)
            region->Work(worker, region->State);
    }

    private struct Region
    {
        public delegate*<int, void*, void> Work;
        public void* State;
        public int Workers;
        public int Entered;
    }
}
