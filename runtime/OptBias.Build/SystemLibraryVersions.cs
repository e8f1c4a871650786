namespace OptBias.Build;

/// <summary>
/// Finds the library that the loader would take for a name, in the loader's order (ld.so(8)): <c>LD_LIBRARY_PATH</c>,
/// the loader's cache, the standard directories. Reads files only; no process is started.
/// </summary>
internal sealed class SystemLibraryVersions(string? libraryPath, string cacheFile, IReadOnlyList<string> standardDirectories)
{
    /// <summary>The system that the build runs on.</summary>
    public static SystemLibraryVersions OfThisMachine() => new(
        Environment.GetEnvironmentVariable("LD_LIBRARY_PATH"),
        "/etc/ld.so.cache",
        ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib"]);

    /// <summary>
    /// The first x86-64 library of that name and the versions it defines; null when there is none. Files of the name
    /// that are something else (a 32-bit library, a linker script) are passed over, as the loader does.
    /// </summary>
    public (string Path, IReadOnlyCollection<string> Versions)? Find(string library)
    {
        foreach (var path in this.Candidates(library))
        {
            if (!File.Exists(path))
                continue;

            try
            {
                return (path, ElfImage.Read(File.ReadAllBytes(path), path).DefinedVersions().ToList());
            }
            catch (Exception exception) when (exception is UnexpectedElfException or IOException or UnauthorizedAccessException)
            {
                // Not loadable, so not what the loader takes.
            }
        }

        return null;
    }

    IEnumerable<string> Candidates(string library)
    {
        foreach (var directory in (libraryPath ?? "").Split([':', ';'], StringSplitOptions.RemoveEmptyEntries))
            yield return Path.Combine(directory, library);

        if (File.Exists(cacheFile))
        {
            foreach (var path in LoaderCache.PathsOf(File.ReadAllBytes(cacheFile), library))
                yield return path;
        }

        foreach (var directory in standardDirectories)
            yield return Path.Combine(directory, library);
    }
}
