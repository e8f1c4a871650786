namespace OptBias;

/// <summary>Writes files that are either complete or not there.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes beside the target, flushes to the disk, then renames and flushes the folder; a failure removes what was begun. What
    /// processes that are no longer there left behind is removed first.
    /// </summary>
    public static void Write(string path, Action<Stream> write)
    {
        // Through a link, as every other writer does: else the rename would put a file in the link's place.
        var target = Path.GetFullPath(path);
        if (new FileInfo(target).LinkTarget is not null)
            target = File.ResolveLinkTarget(target, returnFinalTarget: true)!.FullName;
        var folder = Path.GetDirectoryName(target)!;
        Directory.CreateDirectory(folder);
        TemporaryFile.RemoveOrphans(target);
        var temporary = TemporaryFile.NameFor(target);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            if (!OperatingSystem.IsWindows() && File.Exists(target))
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            // After the rename there is nothing under this name.
            File.Delete(temporary);
        }

        FolderFlush.Flush(folder);
    }
}
