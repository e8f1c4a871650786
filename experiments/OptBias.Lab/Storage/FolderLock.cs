using System.Text;

namespace OptBias.Lab.Storage;

/// <summary>Who may write into a folder of results: one command for itself, or any number of tasks of a sweep.</summary>
/// <remarks>
/// The lock is the system's (<c>flock</c>), which lets go of it when a process dies, on another node too where the file system is
/// mounted with locks. A file beside it says who holds it, for the message only; it decides nothing.
/// </remarks>
internal sealed class FolderLock : IDisposable
{
    /// <summary>Held by <c>optbias run</c> alone, or by all tasks of a sweep together.</summary>
    public const string Writers = ".lock";

    /// <summary>Held by the one command that plans what is to run.</summary>
    public const string Planner = ".sweep.lock";

    /// <summary>Held by the one task that packs.</summary>
    public const string Packer = ".pack.lock";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly FileStream stream;
    private readonly string? holder;

    private FolderLock(FileStream stream, string? holder) => (this.stream, this.holder) = (stream, holder);

    /// <summary>Who held the lock and died with it, or null.</summary>
    public string? LeftBehindBy { get; private init; }

    /// <summary>Takes the lock for one process alone.</summary>
    /// <exception cref="StorageException">Another process has it; the message says which, as far as it is known.</exception>
    public static FolderLock TakeAlone(string directory, string name)
    {
        var path = Path.Combine(directory, name);
        if (TryOpen(path, alone: true) is not { } stream)
            throw new StorageException(Refusal(directory, path));
        var holder = path + ".holder";
        var before = ReadHolder(holder);
        DurableFile.Write(holder, Encoding.UTF8.GetBytes($"process {System.Environment.ProcessId} on {System.Environment.MachineName}"));
        return new(stream, holder) { LeftBehindBy = before };
    }

    /// <summary>Takes the lock for one process alone, or returns null where another has it.</summary>
    public static FolderLock? TryTakeAlone(string directory, string name) =>
        TryOpen(Path.Combine(directory, name), alone: true) is { } stream ? new(stream, null) : null;

    /// <summary>Takes the lock together with others that do the same.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="name">One of the names above.</param>
    /// <param name="patience">How long to wait for a process that has it alone.</param>
    /// <exception cref="StorageException">Another process has it alone.</exception>
    public static FolderLock TakeTogether(string directory, string name, TimeSpan patience)
    {
        var path = Path.Combine(directory, name);
        for (var waited = TimeSpan.Zero; ; waited += Pause)
        {
            if (TryOpen(path, alone: false) is { } stream)
                return new(stream, null);
            if (waited >= patience)
                throw new StorageException(Refusal(directory, path));
            Thread.Sleep(Pause);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        // While the lock is still held: afterwards the file may be another's.
        if (this.holder is not null)
            DurableFile.TryDelete(this.holder);
        this.stream.Dispose();
    }

    private static FileStream? TryOpen(string path, bool alone)
    {
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            // Network file systems share a lock only among those who read.
            if (!alone && !File.Exists(path))
                new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            return alone ? new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None) : new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        // Held by another process: EAGAIN on Linux and macOS, a sharing violation on Windows. A disk that cannot be written is neither.
        catch (IOException e) when (e.HResult is 11 or 35 or unchecked((int)0x80070020))
        {
            return null;
        }
    }

    private static string Refusal(string directory, string path)
    {
        using var together = TryOpen(path, alone: false);
        if (together is not null)
            return $"Tasks of a sweep are writing into {directory}. optbias status {directory} shows them, optbias cancel {directory} ends them.";
        var who = ReadHolder(path + ".holder");
        return $"Another optbias is writing into {directory}{(who is null ? "" : $": {who}")}. Wait until it ends, or stop it; what is finished is kept.";
    }

    private static string? ReadHolder(string path)
    {
        try
        {
            return File.Exists(path) ? PrintableText.Of(File.ReadAllText(path)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
