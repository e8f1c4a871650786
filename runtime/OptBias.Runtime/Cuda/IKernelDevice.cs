using System.Runtime.InteropServices;

namespace OptBias.Cuda;

/// <summary>What a kernel is handed, as <c>Prelude.cu</c> declares it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KernelTable
{
    /// <summary>Address of the chunks.</summary>
    public nint Chunks;

    /// <summary>Address of the rows.</summary>
    public nint Rows;

    /// <summary>Address of the scalars.</summary>
    public nint Scalars;

    /// <summary>Address of the sums, one of each kind for each chunk.</summary>
    public nint Sums;

    /// <summary>How many chunks.</summary>
    public long Count;
}

/// <summary>
/// Where kernels run: a GPU, or in tests the host. Memory, copies and launches are in the order in which they are asked for.
/// </summary>
internal interface IKernelDevice
{
    /// <summary>Most blocks of a launch, at least 1; with fewer blocks than chunks a block takes several.</summary>
    int MostBlocks { get; }

    /// <summary>Begins a sequence of calls on this thread.</summary>
    void Enter();

    /// <summary>Ends it.</summary>
    void Leave();

    /// <summary>Memory of the device.</summary>
    nint Allocate(long bytes);

    /// <summary>Gives it back.</summary>
    void Free(nint address);

    /// <summary>Memory of the host that <see cref="Upload"/> reads without a copy in between.</summary>
    nint AllocateHost(long bytes);

    /// <summary>Gives it back.</summary>
    void FreeHost(nint address);

    /// <summary>Copies to the device, some time after this call: the source must stay as it is until <see cref="Wait"/> says so.</summary>
    void Upload(nint device, nint host, long bytes);

    /// <summary>Copies to the host and waits for it, and so for all that was launched before.</summary>
    void Download(nint host, nint device, long bytes);

    /// <summary>A mark behind what was asked for so far; 0 asks for a new one, else it is moved.</summary>
    nint Mark(nint mark);

    /// <summary>Waits until the device has reached a mark.</summary>
    void Wait(nint mark);

    /// <summary>Gives a mark back.</summary>
    void FreeMark(nint mark);

    /// <summary>Launches a kernel on the table.</summary>
    void Launch(nint kernel, in KernelTable table, int blocks);
}
