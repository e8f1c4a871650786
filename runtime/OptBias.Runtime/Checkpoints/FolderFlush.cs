using System.Runtime.InteropServices;

namespace OptBias;

/// <summary>Brings a folder's list of names to the disk: without it a rename may be lost with the power, though the file itself was flushed.</summary>
internal static partial class FolderFlush
{
    private const int ReadOnly = 0;

    /// <summary>Flushes a folder. Where a file system cannot, there is nothing more to be done: the file is in its place.</summary>
    public static void Flush(string folder)
    {
        // Windows writes names and contents through the same log.
        if (OperatingSystem.IsWindows())
            return;
        try
        {
            var descriptor = Open(folder, ReadOnly);
            if (descriptor < 0)
                return;
            _ = Sync(descriptor);
            _ = Close(descriptor);
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            // A system whose C library has another name.
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
