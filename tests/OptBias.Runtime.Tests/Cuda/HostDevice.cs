using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using OptBias.Cuda;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>
/// The host as a device: kernels are compiled by g++ and run block by block, and memory is the host's. Uploads are put off until
/// something waits for them, as they may be on a GPU.
/// </summary>
internal sealed unsafe class HostDevice : IKernelDevice
{
    private static readonly ConcurrentDictionary<KernelTypes, Lazy<HostDevice>> Devices = new();
    private static readonly Lock Gate = new();

    private readonly nint library;
    private readonly delegate* unmanaged[Cdecl]<nint, KernelTable*, uint, void> launch;
    private readonly List<(nint Device, nint Host, long Bytes)> uploads = [];
    private readonly KernelModule module;
    private int depth;

    private HostDevice(KernelTypes types, string path)
    {
        this.library = NativeLibrary.Load(path);
        this.launch = (delegate* unmanaged[Cdecl]<nint, KernelTable*, uint, void>)NativeLibrary.GetExport(this.library, "launch");
        this.module = new KernelModule(this, types, name => NativeLibrary.GetExport(this.library, name));
    }

    /// <summary>Few, so that blocks have to take several chunks.</summary>
    public int MostBlocks => 3;

    /// <summary>Launches so far.</summary>
    public int Launches { get; private set; }

    /// <summary>Pieces of memory that were allocated and not freed.</summary>
    public int Allocations { get; private set; }

    /// <summary>The kernels of all declared optimizers for some types; skips the test where there is no g++.</summary>
    public static KernelModule ModuleOf(KernelTypes types) => Devices.GetOrAdd(types, t => new(() => Compile(t))).Value.module;

    public static KernelModule ModuleOf(ScalarType parameter) => ModuleOf(parameter, parameter);

    public static KernelModule ModuleOf(ScalarType parameter, ScalarType gradient)
    {
        var arithmetic = parameter == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        return ModuleOf(new KernelTypes(parameter, gradient, arithmetic, arithmetic));
    }

    public void Enter()
    {
        Gate.Enter();
        this.depth++;
    }

    public void Leave()
    {
        Assert.True(this.depth-- > 0);
        Gate.Exit();
    }

    public nint Allocate(long bytes) => this.New(bytes);

    public void Free(nint address) => this.Delete(address);

    public nint AllocateHost(long bytes) => this.New(bytes);

    public void FreeHost(nint address) => this.Delete(address);

    public void Upload(nint device, nint host, long bytes)
    {
        Assert.True(this.depth > 0);
        this.uploads.Add((device, host, bytes));
    }

    public void Download(nint host, nint device, long bytes)
    {
        this.Arrive();
        Buffer.MemoryCopy((void*)device, (void*)host, bytes, bytes);
    }

    public nint Mark(nint mark) => mark == 0 ? this.New(1) : mark;

    public void Wait(nint mark) => this.Arrive();

    public void FreeMark(nint mark) => this.Delete(mark);

    public void Launch(nint kernel, in KernelTable table, int blocks)
    {
        Assert.InRange(blocks, 1, this.MostBlocks);
        this.Arrive();
        this.Launches++;
        fixed (KernelTable* argument = &table)
            this.launch(kernel, argument, (uint)blocks);
    }

    private static HostDevice Compile(KernelTypes types)
    {
        var folder = Directory.CreateTempSubdirectory("optbias").FullName;
        var (source, library) = (Path.Combine(folder, "kernels.cpp"), Path.Combine(folder, "kernels.so"));
        File.WriteAllText(source, HostCompiler.AllKernels("host.h") + """

            static void (*kernel_of_launch)(const Table);
            static void call(const void* table) { kernel_of_launch(*(const Table*)table); }

            extern "C" __attribute__((visibility("default"))) void launch(void (*kernel)(const Table), const Table* table, unsigned blocks)
            {
                kernel_of_launch = kernel;
                run_grid(call, table, blocks, Threads);
            }

            // The conversions, for tests of them alone.
            extern "C" __attribute__((visibility("default"))) float widen_half(unsigned short bits) { return widen(float16 { bits }); }
            extern "C" __attribute__((visibility("default"))) float widen_brain(unsigned short bits) { return widen(bfloat16 { bits }); }
            extern "C" __attribute__((visibility("default"))) unsigned short narrow_half(float x) { float16 y; narrow(x, y); return y.bits; }
            extern "C" __attribute__((visibility("default"))) unsigned short narrow_brain(float x) { bfloat16 y; narrow(x, y); return y.bits; }

            """);

        // -fno-strict-aliasing: 16 bytes at once are a type of their own, as everywhere in CUDA.
        var said = HostCompiler.Run("g++", ["-std=c++17", "-O1", "-ffp-contract=off", "-fno-strict-aliasing", "-fvisibility=hidden", "-Wno-unknown-pragmas", "-shared", "-fPIC", .. types.Definitions(), source, "-o", library]);
        Skip.If(said is null, "There is no g++ to run the kernels' text on the host with.");
        Assert.True(said!.Value.ExitCode == 0, said.Value.Output);
        try
        {
            return new HostDevice(types, library);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>An export of the compiled kernels' library.</summary>
    public static nint Export(ScalarType parameter, string name) =>
        NativeLibrary.GetExport(((HostDevice)ModuleOf(parameter).Device).library, name);

    private void Arrive()
    {
        foreach (var (device, host, bytes) in this.uploads)
            Buffer.MemoryCopy((void*)host, (void*)device, bytes, bytes);
        this.uploads.Clear();
    }

    /// <summary>Aligned as a GPU's memory is, and filled with what is not a number.</summary>
    private nint New(long bytes)
    {
        this.Allocations++;
        var address = (nint)NativeMemory.AlignedAlloc((nuint)bytes, 256);
        NativeMemory.Fill((void*)address, (nuint)bytes, 0xff);
        return address;
    }

    private void Delete(nint address)
    {
        if (address == 0)
            return;
        this.Allocations--;
        NativeMemory.AlignedFree((void*)address);
    }
}
