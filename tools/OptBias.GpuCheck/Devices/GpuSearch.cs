using System.Runtime.InteropServices;
using OptBias.Cuda;
using OptBias.GpuCheck.Natives;
using OptBias.Native;
using TorchSharp;

namespace OptBias.GpuCheck.Devices;

/// <summary>What a GPU needs to be used, and what of it is here.</summary>
/// <param name="Findings">What was looked for and what was found, a line each.</param>
/// <param name="Count">How many GPUs libtorch can use.</param>
internal sealed partial record GpuSearch(IReadOnlyList<Finding> Findings, int Count)
{
    /// <summary>Looks for driver, device files, libtorch's CUDA part and NVRTC.</summary>
    public static GpuSearch Run()
    {
        var driver = CudaDriver.Find(out var noDriver) is not null;
        var count = CountOfLibTorch();
        var files = Directory.Exists("/dev") ? Directory.EnumerateFiles("/dev", "nvidia*").Count(file => char.IsAsciiDigit(file[^1])) : 0;
        var nvrtc = Nvrtc.Find(out var noCompiler);
        return new GpuSearch(
        [
            new("NVIDIA's driver", driver, driver ? "libcuda.so.1 answers" : noDriver!),
            new("a device file", files > 0, files > 0 ? $"{files} of /dev/nvidia0, /dev/nvidia1, ..." : "there is no /dev/nvidia0"),
            new("libtorch with CUDA", LoadedLibraries.Find("torch_cuda").Any(), LibTorch()),
            new("GPUs that libtorch sees", count > 0, count > 0 ? $"{count}" : $"none{Hidden()}"),
            new("NVRTC, which compiles the kernels", nvrtc is not null, nvrtc is null ? noCompiler! : $"version {nvrtc.Version}"),
        ], count);
    }

    /// <summary>What a GPU is, as the driver says.</summary>
    public static string Describe(int index)
    {
        const int ClockRate = 36, BusWidth = 37, CacheSize = 38, Multiprocessors = 16, Major = 75, Minor = 76;
        var name = new byte[256];
        if (DeviceGet(out var device, index) != 0 || DeviceGetName(name, name.Length, device) != 0 || DeviceTotalMemory(out var bytes, device) != 0)
            return $"cuda:{index}";
        var text = System.Text.Encoding.UTF8.GetString(name).TrimEnd('\0');

        // Two transfers a clock: what memory could do if nothing stood in its way.
        var peak = 2.0 * Attribute(ClockRate) * 1e3 * Attribute(BusWidth) / 8 / 1e12;
        return $"{text}, sm_{Attribute(Major)}{Attribute(Minor)}, {Attribute(Multiprocessors)} multiprocessors, {bytes / (double)(1 << 30):0} GiB, L2 {Attribute(CacheSize) >> 20} MiB"
            + (peak > 0 ? $", memory at most {peak:0.00} TB/s" : "");

        int Attribute(int attribute) => DeviceGetAttribute(out var value, attribute, device) == 0 ? value : 0;
    }

    private static int CountOfLibTorch()
    {
        using (torch.zeros(1))
        {
            // libtorch is loaded with the first tensor.
        }

        return torch.cuda.is_available() ? torch.cuda.device_count() : 0;
    }

    private static string LibTorch()
    {
        var folder = LoadedLibraries.FoldersOf("libc10").FirstOrDefault() ?? "nowhere";
        return LoadedLibraries.Find("torch_cuda").Any() ? $"in {folder}"
            : $"the libtorch in {folder} has no CUDA; build with -p:TorchBackend=cuda, or name PyTorch's with --libtorch{(OtherLibTorch.Folder is null ? "" : " (it is named, and has none)")}";
    }

    private static string Hidden() =>
        Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES") is { } visible ? $" (CUDA_VISIBLE_DEVICES is '{visible}')" : "";

    [LibraryImport("libcuda.so.1", EntryPoint = "cuDeviceGet")]
    private static partial int DeviceGet(out int device, int index);

    [LibraryImport("libcuda.so.1", EntryPoint = "cuDeviceGetName")]
    private static partial int DeviceGetName([Out] byte[] name, int length, int device);

    [LibraryImport("libcuda.so.1", EntryPoint = "cuDeviceTotalMem_v2")]
    private static partial int DeviceTotalMemory(out nuint bytes, int device);

    [LibraryImport("libcuda.so.1", EntryPoint = "cuDeviceGetAttribute")]
    private static partial int DeviceGetAttribute(out int value, int attribute, int device);
}

/// <summary>Something that was looked for.</summary>
/// <param name="What">What.</param>
/// <param name="Found">Whether it is there.</param>
/// <param name="Detail">Which, or what is there instead.</param>
internal sealed record Finding(string What, bool Found, string Detail);
