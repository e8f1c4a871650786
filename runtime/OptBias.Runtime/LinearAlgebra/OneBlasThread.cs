using OptBias.Native;

namespace OptBias.LinearAlgebra;

/// <summary>
/// In this scope the BLAS and LAPACK inside libtorch work on the calling thread alone: what they compute on several depends on how many
/// there are. Threads are used by sharing panels and matrices, which are cut by their sizes only.
/// </summary>
/// <remarks>Where the libtorch that is loaded has no MKL this does nothing, and results depend on the number of threads in their last bits.</remarks>
internal readonly unsafe ref struct OneBlasThread
{
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<int, int> SetThreads =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<int, int>)(NativeBlas.TryFind("MKL_Set_Num_Threads_Local", out var address) ? address : 0);

    private readonly int before;

    private OneBlasThread(int before) => this.before = before;

    /// <summary>Whether it can do what it says.</summary>
    public static bool IsAvailable => SetThreads is not null;

    /// <summary>Begins the scope.</summary>
    public static OneBlasThread Enter() => new(SetThreads is null ? 0 : SetThreads(1));

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        if (SetThreads is not null)
            SetThreads(this.before);
    }
}
