namespace OptBias.Lab.Storage;

/// <summary>Files that are there completely or not at all, whatever happens to the process.</summary>
public static class DurableFile
{
    /// <summary>Ending of a file that is being written.</summary>
    public const string UnfinishedExtension = ".unfinished";

    /// <summary>Writes a temporary file, brings it to the disk, and renames it, which is atomic within a directory.</summary>
    /// <param name="path">Where the file is to be; an existing one is replaced.</param>
    /// <param name="content">Its content.</param>
    /// <exception cref="StorageException">The disk is full, the directory is read-only, ...</exception>
    public static void Write(string path, byte[] content) => Guard(path, _ =>
    {
        var temporary = path + UnfinishedExtension;
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                file.Write(content);
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
            throw new StorageException($"Cannot write {path}: {e.Message} What was finished before is kept.", e);
        }
    }

    /// <summary>Removes what a killed process left half-written in a directory.</summary>
    public static void RemoveUnfinished(string directory)
    {
        if (!Directory.Exists(directory))
            return;
        foreach (var file in Directory.EnumerateFiles(directory, "*" + UnfinishedExtension))
            TryDelete(file);
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is ignored by every reader and will be overwritten by the next attempt.
        }
    }
}
