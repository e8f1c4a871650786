using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace OptBias.GpuCheck.Natives;

/// <summary>
/// Runs this program once more, on the libtorch of another folder: from a copy of its own files without libtorch, with that folder
/// in front of the loader's path. The libraries are loaded from where they lie, so that they find what lies beside them.
/// </summary>
internal static class OtherLibTorch
{
    private const string Marker = "OPTBIAS_GPU_CHECK_LIBTORCH";
    private const string LoaderPath = "LD_LIBRARY_PATH";
    private const string OwnLibrary = "libLibTorchSharp.so";

    /// <summary>The folder whose libtorch this process runs on; null if it is the one that came with it.</summary>
    public static string? Folder => Environment.GetEnvironmentVariable(Marker);

    /// <summary>Its version, as a PyTorch beside it says, else where it is; null if it is the one that came with this program.</summary>
    public static string? Version
    {
        get
        {
            if (Folder is null)
                return null;
            var file = Path.Combine(Folder, "..", "version.py");
            var said = File.Exists(file) ? Regex.Match(File.ReadAllText(file), "^__version__ = '(.+)'", RegexOptions.Multiline) : Match.Empty;
            return said.Success ? $"{said.Groups[1].Value} ({Folder})" : $"of {Folder}";
        }
    }

    /// <summary>The loader's path as it was before this program changed it; other programs are started with that.</summary>
    public static string LoaderPathOfOthers => string.Join(':', (Environment.GetEnvironmentVariable(LoaderPath) ?? "").Split(':').Where(folder => folder != Folder));

    /// <summary>TorchSharp's native library as it came with this program.</summary>
    /// <exception cref="FileNotFoundException">There is none; the message says where it was looked for.</exception>
    public static string TorchSharpLibrary()
    {
        string[] places = [Path.Combine(AppContext.BaseDirectory, OwnLibrary), Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", OwnLibrary)];
        return places.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"--libtorch needs TorchSharp's {OwnLibrary}, which is neither {places[0]} nor {places[1]}. It works on Linux alone.");
    }

    /// <summary>Runs this program with the same arguments on another libtorch, and waits for it.</summary>
    /// <returns>Its exit code.</returns>
    public static int Run(string folder, IReadOnlyList<string> arguments)
    {
        var copy = Directory.CreateTempSubdirectory("optbias-gpu-check-").FullName;
        try
        {
            // Without the file of dependencies, which would lead back to the packages' natives, the host takes what lies in the folder.
            foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory).Where(IsManaged))
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            File.Copy(TorchSharpLibrary(), Path.Combine(copy, OwnLibrary));

            var name = typeof(OtherLibTorch).Assembly.GetName().Name;
            var start = new ProcessStartInfo(DotNet(), ["exec", Path.Combine(copy, $"{name}.dll"), .. arguments]);
            start.Environment[Marker] = folder;
            start.Environment[LoaderPath] = Environment.GetEnvironmentVariable(LoaderPath) is { Length: > 0 } before ? $"{folder}:{before}" : folder;
            using var process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode;
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    private static bool IsManaged(string file) =>
        file.EndsWith(".dll", StringComparison.Ordinal) || file.EndsWith(".runtimeconfig.json", StringComparison.Ordinal);

    /// <summary>The program that runs this process's runtime.</summary>
    private static string DotNet()
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var program = Path.Combine(root, "dotnet");
        return File.Exists(program) ? program : throw new FileNotFoundException($"--libtorch starts this program once more with {program}, which is not there.");
    }
}
