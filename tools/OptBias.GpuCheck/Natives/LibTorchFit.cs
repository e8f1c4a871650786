using System.Runtime.InteropServices;

namespace OptBias.GpuCheck.Natives;

/// <summary>Whether TorchSharp's native library can run on the libtorch of some folder, told from the files alone: nothing is loaded.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Libraries">The folder's libraries that would be loaded.</param>
/// <param name="MissingLibraries">Libraries of libtorch that TorchSharp's needs and the folder lacks.</param>
/// <param name="MissingSymbols">Symbols that TorchSharp's library looks for and none of the libraries offers, mangled, in ordinal order.</param>
internal sealed record LibTorchFit(string Folder, IReadOnlyList<string> Libraries, IReadOnlyList<string> MissingLibraries, IReadOnlyList<string> MissingSymbols)
{
    /// <summary>Whether nothing is missing.</summary>
    public bool Fits => this.MissingLibraries.Count == 0 && this.MissingSymbols.Count == 0;

    /// <summary>Looks at a folder.</summary>
    /// <param name="torchSharp">Path of <c>libLibTorchSharp.so</c>.</param>
    /// <param name="folder">A folder with libtorch's libraries, such as <c>site-packages/torch/lib</c>.</param>
    /// <exception cref="InvalidDataException">A file is no ELF library.</exception>
    public static LibTorchFit Of(string torchSharp, string folder)
    {
        var library = SharedLibrary.Read(torchSharp);
        var offered = new HashSet<string>(StringComparer.Ordinal);
        var loaded = new List<string>();

        // As the loader does it: what is needed, and what that needs, as far as the folder has it. The rest is the system's.
        var waiting = new Queue<string>(library.Needed);
        var seen = new HashSet<string>(waiting, StringComparer.Ordinal);
        while (waiting.TryDequeue(out var name))
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path))
                continue;
            var needed = SharedLibrary.Read(path);
            loaded.Add(name);
            offered.UnionWith(needed.Offered);
            foreach (var next in needed.Needed.Where(seen.Add))
                waiting.Enqueue(next);
        }

        return new LibTorchFit(
            folder, loaded,
            [.. library.Needed.Where(name => IsLibTorch(name) && !loaded.Contains(name))],
            [.. library.Wanted.Where(symbol => !offered.Contains(symbol)).Distinct().Order(StringComparer.Ordinal)]);
    }

    /// <summary>What does not fit, a line each; empty if all does.</summary>
    public IEnumerable<string> Problems() =>
        this.MissingLibraries.Select(name => $"{this.Folder} has no {name}")
            .Concat(this.MissingSymbols.Select(symbol => $"missing symbol: {Readable(symbol)}"));

    /// <summary>A C++ symbol as it was written, where the system's libstdc++ can say.</summary>
    internal static string Readable(string symbol)
    {
        if (!symbol.StartsWith("_Z", StringComparison.Ordinal) || !NativeLibrary.TryLoad("libstdc++.so.6", out var library))
            return symbol;
        if (!NativeLibrary.TryGetExport(library, "__cxa_demangle", out var address))
            return symbol;
        unsafe
        {
            int status;
            var mangled = Marshal.StringToCoTaskMemUTF8(symbol);
            var text = ((delegate* unmanaged[Cdecl]<nint, nint, nuint*, int*, nint>)address)(mangled, 0, null, &status);
            Marshal.FreeCoTaskMem(mangled);
            if (text == 0)
                return symbol;
            var readable = Marshal.PtrToStringUTF8(text)!;
            NativeMemory.Free((void*)text);
            return status == 0 ? readable : symbol;
        }
    }

    private static bool IsLibTorch(string name) =>
        name.StartsWith("libtorch", StringComparison.Ordinal) || name.StartsWith("libc10", StringComparison.Ordinal);
}
