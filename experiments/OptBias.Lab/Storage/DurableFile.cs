using System.Text.RegularExpressions;

namespace OptBias.Lab.Storage;

/// <summary>Files that are there completely or not at all, whatever happens to the process.</summary>
public static partial class DurableFile
{
    /// <summary>Ending of a file that is being written.</summary>
    public const string UnfinishedExtension = ".unfinished";

    // errno, as .NET hands it on.
    private const int NoAccess = 13;
    private const int NoSpace = 28;
    private const int ReadOnly = 30;
    private const int NoQuota = 122;

    /// <summary>Writes a temporary file, brings it to the disk, and renames it, which is atomic within a directory.</summary>
    /// <param name="path">Where the file is to be; an existing one is replaced.</param>
    /// <param name="content">Its content.</param>
    /// <param name="writer">Tells apart those who may write the same file at the same time; null where a lock keeps others out.</param>
    /// <exception cref="StorageException">The disk is full, the directory is read-only, ...</exception>
    public static void Write(string path, byte[] content, string? writer = null) => Write(path, file => file.Write(content), writer);

    /// <summary>The same for content that is better not held in memory.</summary>
    /// <param name="path">Where the file is to be; an existing one is replaced.</param>
    /// <param name="write">Writes its content.</param>
    /// <param name="writer">Tells apart those who may write the same file at the same time; null where a lock keeps others out.</param>
    /// <exception cref="StorageException">The disk is full, the directory is read-only, ...</exception>
    internal static void Write(string path, Action<Stream> write, string? writer = null) => Guard(path, _ =>
    {
        var temporary = path + (writer is null ? "" : "." + writer) + UnfinishedExtension;
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 0))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
    });

    /// <summary>Turns what the system says about a file that cannot be written into a message for the user.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes it.</param>
    /// <exception cref="StorageException">It could not.</exception>
    public static void Guard(string path, Action<string> write)
    {
        try
        {
            write(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"Cannot write {path}: {e.Message}{(e.Message.EndsWith('.') ? "" : ".")} What was finished before is kept.{Advice(e)}", e);
        }
    }

    /// <summary>What to do about a file that cannot be written, where the system says why.</summary>
    internal static string Advice(Exception e) => (e.InnerException ?? e).HResult switch
    {
        NoSpace or NoQuota => " Make room, then give the same command again.",
        ReadOnly or NoAccess => " Give a folder that this user may write with --out.",
        _ => "",
    };

    /// <summary>
    /// Removes what a killed process left half-written in a directory: files that this class or the writer of safetensors names so, and
    /// that no process is writing.
    /// </summary>
    /// <param name="directory">The directory; nothing happens where there is none.</param>
    public static void RemoveUnfinished(string directory)
    {
        if (!Directory.Exists(directory))
            return;
        foreach (var file in Directory.EnumerateFiles(directory).Where(IsUnfinished))
        {
            if (!IsBeingWritten(file))
                TryDelete(file);
        }
    }

    /// <summary>Ours: <c>NAME.unfinished</c>, and <c>NAME.safetensors.GUID.tmp</c>. A <c>notes.tmp</c> is somebody else's.</summary>
    private static bool IsUnfinished(string path) =>
        path.EndsWith(UnfinishedExtension, StringComparison.Ordinal) || UnfinishedTensors().IsMatch(Path.GetFileName(path));

    /// <summary>Both kinds are written under an exclusive lock, which the system takes from a process that dies.</summary>
    private static bool IsBeingWritten(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    [GeneratedRegex(@"\.safetensors\.[0-9a-f]{32}\.tmp$", RegexOptions.CultureInvariant)]
    private static partial Regex UnfinishedTensors();

    /// <summary>Deletes a file; nothing happens where that is not possible.</summary>
    /// <param name="path">The file.</param>
    internal static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is left of a write is ignored by every reader.
        }
    }
}
