using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OptBias.Native;

/// <summary>Finds native libraries that the process has loaded already: the ones that libtorch brought, under whatever file name.</summary>
internal static class LoadedLibraries
{
    /// <summary>The address of something that a loaded library exports; 0 if none of that name does.</summary>
    public static nint FindExport(string nameContains, string export)
    {
        foreach (var library in Find(nameContains))
        {
            if (NativeLibrary.TryGetExport(library, export, out var address))
                return address;
        }

        return 0;
    }

    /// <summary>Handles of the loaded libraries whose file name contains a text.</summary>
    public static IEnumerable<nint> Find(string nameContains)
    {
        foreach (var file in Files(nameContains))
        {
            if (NativeLibrary.TryLoad(file, out var handle))
                yield return handle;
        }
    }

    /// <summary>Folders of the loaded libraries whose file name contains a text, each once, with what links to it resolved too.</summary>
    public static IReadOnlyList<string> FoldersOf(string nameContains) => Files(nameContains)
        .SelectMany(file => new[] { file, File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName })
        .Select(file => Path.GetDirectoryName(file))
        .OfType<string>()
        .Distinct(StringComparer.Ordinal)
        .ToList();

    private static IEnumerable<string> Files(string nameContains)
    {
        using var process = Process.GetCurrentProcess();
        foreach (ProcessModule module in process.Modules)
        {
            if (Path.GetFileName(module.FileName).Contains(nameContains, StringComparison.Ordinal))
                yield return module.FileName;
        }
    }
}
