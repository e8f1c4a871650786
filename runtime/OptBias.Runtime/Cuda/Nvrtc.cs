using System.Runtime.InteropServices;
using System.Text;
using OptBias.Native;

namespace OptBias.Cuda;

/// <summary>NVIDIA's run-time compiler (signatures as in nvrtc.h): CUDA C in, machine code of one architecture out.</summary>
internal sealed unsafe class Nvrtc
{
    /// <summary>Names a library to use instead of looking for one.</summary>
    public const string PathVariable = "OPTBIAS_NVRTC";

    private static readonly Lazy<(Nvrtc? Compiler, string? Problem)> Loaded = new(Load);

    private readonly delegate* unmanaged[Cdecl]<nint*, byte*, byte*, int, byte**, byte**, int> createProgram;
    private readonly delegate* unmanaged[Cdecl]<nint, int, byte**, int> compileProgram;
    private readonly delegate* unmanaged[Cdecl]<nint, nuint*, int> getCubinSize;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, int> getCubin;
    private readonly delegate* unmanaged[Cdecl]<nint, nuint*, int> getLogSize;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, int> getLog;
    private readonly delegate* unmanaged[Cdecl]<nint*, int> destroyProgram;

    private Nvrtc(nint library)
    {
        this.createProgram = (delegate* unmanaged[Cdecl]<nint*, byte*, byte*, int, byte**, byte**, int>)NativeLibrary.GetExport(library, "nvrtcCreateProgram");
        this.compileProgram = (delegate* unmanaged[Cdecl]<nint, int, byte**, int>)NativeLibrary.GetExport(library, "nvrtcCompileProgram");
        this.getCubinSize = (delegate* unmanaged[Cdecl]<nint, nuint*, int>)NativeLibrary.GetExport(library, "nvrtcGetCUBINSize");
        this.getCubin = (delegate* unmanaged[Cdecl]<nint, byte*, int>)NativeLibrary.GetExport(library, "nvrtcGetCUBIN");
        this.getLogSize = (delegate* unmanaged[Cdecl]<nint, nuint*, int>)NativeLibrary.GetExport(library, "nvrtcGetProgramLogSize");
        this.getLog = (delegate* unmanaged[Cdecl]<nint, byte*, int>)NativeLibrary.GetExport(library, "nvrtcGetProgramLog");
        this.destroyProgram = (delegate* unmanaged[Cdecl]<nint*, int>)NativeLibrary.GetExport(library, "nvrtcDestroyProgram");
        int major, minor;
        ((delegate* unmanaged[Cdecl]<int*, int*, int>)NativeLibrary.GetExport(library, "nvrtcVersion"))(&major, &minor);
        this.Version = $"{major}.{minor}";
    }

    /// <summary>As in "12.8".</summary>
    public string Version { get; }

    /// <summary>The compiler; null if there is none, and then <paramref name="problem"/> says why.</summary>
    public static Nvrtc? Find(out string? problem)
    {
        (var compiler, problem) = Loaded.Value;
        return compiler;
    }

    /// <summary>What a text is compiled with: no contraction, IEEE division and roots, denormal numbers kept.</summary>
    public static string[] Options(KernelTypes types, string architecture) =>
    [
        $"--gpu-architecture={architecture}", "--std=c++17", "-default-device", "-fmad=false", "-prec-div=true", "-prec-sqrt=true", "-ftz=false", .. types.Definitions(),
    ];

    /// <summary>Compiles.</summary>
    /// <exception cref="CudaException">The text is wrong; the message is the compiler's.</exception>
    public byte[] Compile(string source, string[] options)
    {
        nint program;
        var text = Marshal.StringToCoTaskMemUTF8(source);
        var arguments = Array.ConvertAll(options, Marshal.StringToCoTaskMemUTF8);
        try
        {
            if (this.createProgram(&program, (byte*)text, null, 0, null, null) is not 0 and var failure)
                throw new CudaException($"nvrtcCreateProgram failed with error {failure}.");
            try
            {
                int result;
                fixed (nint* first = arguments)
                    result = this.compileProgram(program, arguments.Length, (byte**)first);
                if (result != 0)
                    throw new CudaException($"NVRTC {this.Version} could not compile a kernel (error {result}):\n{this.Log(program)}");
                nuint size;
                if (this.getCubinSize(program, &size) != 0 || size == 0)
                    throw new CudaException($"NVRTC {this.Version} gave no machine code for {options[0]}.");
                var code = new byte[size];
                fixed (byte* bytes = code)
                    this.getCubin(program, bytes);
                return code;
            }
            finally
            {
                this.destroyProgram(&program);
            }
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
            foreach (var argument in arguments)
                Marshal.FreeCoTaskMem(argument);
        }
    }

    private string Log(nint program)
    {
        nuint size;
        if (this.getLogSize(program, &size) != 0 || size <= 1)
            return "(no message)";
        var log = new byte[size];
        fixed (byte* bytes = log)
            this.getLog(program, bytes);
        return Encoding.UTF8.GetString(log).TrimEnd('\0', '\n');
    }

    private static (Nvrtc? Compiler, string? Problem) Load()
    {
        foreach (var library in Candidates())
        {
            try
            {
                return (new Nvrtc(library), null);
            }
            catch (EntryPointNotFoundException)
            {
                // Older than CUDA 11.2, or its library of built-in functions: the next one.
            }
        }

        return (null, $"there is no NVRTC of CUDA 11.2 or later beside libtorch or on the system; {PathVariable} can name one");
    }

    /// <summary>The one that is named, those that libtorch has loaded, those beside it (as TorchSharp's and PyTorch's packages lay them), and the system's.</summary>
    private static IEnumerable<nint> Candidates()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } named)
        {
            if (NativeLibrary.TryLoad(named, out var library))
                yield return library;
            yield break;
        }

        foreach (var library in LoadedLibraries.Find("nvrtc"))
            yield return library;
        foreach (var file in LoadedLibraries.FoldersOf("torch").SelectMany(Files))
        {
            if (NativeLibrary.TryLoad(file, out var library))
                yield return library;
        }

        string[] names = OperatingSystem.IsWindows()
            ? ["nvrtc64_130_0.dll", "nvrtc64_120_0.dll", "nvrtc64_112_0.dll"]
            : ["libnvrtc.so", "libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so.11.2", "/usr/local/cuda/lib64/libnvrtc.so"];
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var library))
                yield return library;
        }
    }

    /// <summary>In a folder of libtorch, or in the folders of NVIDIA's Python packages two levels above and beside it.</summary>
    private static IEnumerable<string> Files(string folder)
    {
        var packages = Path.Combine(folder, "..", "..", "nvidia");
        var folders = Directory.Exists(packages)
            ? Directory.EnumerateDirectories(packages).Select(package => Path.Combine(package, "lib")).Prepend(folder)
            : [folder];
        return folders.Where(Directory.Exists)
            .SelectMany(Directory.EnumerateFiles)
            .Where(file => Path.GetFileName(file).Contains("nvrtc", StringComparison.Ordinal)
                && !Path.GetFileName(file).Contains("builtins", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
    }
}
