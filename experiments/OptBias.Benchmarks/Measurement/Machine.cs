using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;

namespace OptBias.Benchmarks.Measurement;

/// <summary>What the measurements were taken on.</summary>
public sealed record Machine(string Processor, int Cores, string Caches, string Vectors, string OperatingSystem, string Runtime, string LibTorch)
{
    /// <summary>This machine.</summary>
    public static Machine Describe() => new(
        FromCpuInfo("model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        CachesOf(),
        Vector512.IsHardwareAccelerated ? "512 bit" : Vector256.IsHardwareAccelerated ? "256 bit" : Vector128.IsHardwareAccelerated ? "128 bit" : "none",
        RuntimeInformation.OSDescription.Trim(),
        RuntimeInformation.FrameworkDescription,
        torch.__version__);

    /// <summary>As one sentence.</summary>
    public override string ToString() =>
        $"{this.Processor}, {this.Cores} cores, {(this.Caches.Length > 0 ? this.Caches + ", " : "")}vectors of {this.Vectors}; {this.OperatingSystem}; {this.Runtime}; TorchSharp on libtorch {this.LibTorch}.";

    private static string? FromCpuInfo(string key) =>
        File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : null;

    private static string CachesOf()
    {
        const string Folder = "/sys/devices/system/cpu/cpu0/cache";
        if (!Directory.Exists(Folder))
            return "";
        return string.Join(", ", Directory.GetDirectories(Folder, "index*").Order(StringComparer.Ordinal)
            .Where(d => File.ReadAllText(Path.Combine(d, "type")).Trim() != "Instruction")
            .Select(d => $"L{File.ReadAllText(Path.Combine(d, "level")).Trim()} {File.ReadAllText(Path.Combine(d, "size")).Trim()}"));
    }
}
