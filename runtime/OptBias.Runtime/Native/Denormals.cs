namespace OptBias.Native;

/// <summary>Numbers too small for the normal format, which processors compute with at a fraction of their speed: as zero, where asked for.</summary>
/// <remarks>A setting of each thread, made by libtorch's own <c>at::Context::setFlushDenormal</c>.</remarks>
internal static unsafe class Denormals
{
    private static readonly delegate* unmanaged[Cdecl]<nint, nint, byte> SetFlush =
        (delegate* unmanaged[Cdecl]<nint, nint, byte>)LoadedLibraries.FindExport("torch_cpu", "_ZN2at7Context16setFlushDenormalEb");

    // Not readonly, so that the compiler cannot know its sum.
    private static float smallest = float.Epsilon;

    /// <summary>Whether this processor and the libtorch that is loaded can do it.</summary>
    public static bool CanFlush { get; } = TryFlush();

    /// <summary>Whether this thread does it now.</summary>
    public static bool AreFlushed => smallest + smallest == 0;

    /// <summary>Does it on this thread, or does it no more.</summary>
    /// <remarks>A method of an object that it does not look at, or a static one, as versions of libtorch have it: the answer stands in both places.</remarks>
    public static void Flush(bool flush) => SetFlush(flush ? 1 : 0, flush ? 1 : 0);

    private static bool TryFlush()
    {
        if (SetFlush is null)
            return false;
        var before = AreFlushed;
        Flush(true);
        var flushed = AreFlushed;
        Flush(false);
        var restored = !AreFlushed;
        Flush(before);
        return flushed && restored;
    }
}
