using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Execution;

/// <summary>Where networks and data live, as <c>--device</c> names it: <c>cpu</c>, <c>cuda</c> (the first GPU), <c>cuda:1</c>.</summary>
/// <param name="Name">The name.</param>
/// <param name="Device">The device.</param>
public sealed record ComputeDevice(string Name, Device Device)
{
    private const string CpuName = "cpu";
    private const string GpuName = "cuda";

    /// <summary>The CPU.</summary>
    public static ComputeDevice Cpu { get; } = new(CpuName, torch.CPU);

    /// <summary>Whether it is a GPU.</summary>
    public bool IsGpu => this.Device.type == DeviceType.CUDA;

    /// <summary><c>cpu</c> or <c>cuda</c>: which of several GPUs it is changes no result.</summary>
    public string Kind => this.IsGpu ? GpuName : CpuName;

    /// <summary>The name, as <c>--device</c> takes it.</summary>
    public override string ToString() => this.Name;

    /// <summary>Waits until the device has done what it was asked for.</summary>
    public void Synchronize()
    {
        if (this.IsGpu)
            cuda.synchronize(this.Device);
    }

    /// <summary>The device of a name.</summary>
    /// <exception cref="ArgumentException">It is no name of a device, or there is no such device here; the message says what was found and what is allowed.</exception>
    public static ComputeDevice Find(string name) => Find(name, CountGpus, WhyNone);

    /// <summary>The same, with what this machine has handed in.</summary>
    internal static ComputeDevice Find(string name, Func<int> gpus, Func<string> whyNone)
    {
        if (name.Equals(CpuName, StringComparison.OrdinalIgnoreCase))
            return Cpu;
        var parts = name.Split(':');
        var index = 0;
        if (!parts[0].Equals(GpuName, StringComparison.OrdinalIgnoreCase) || parts.Length > 2
            || (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out index)))
            throw new ArgumentException($"--device is '{name}'; known are cpu, cuda (the first GPU), cuda:1 and so on.");
        var count = gpus();
        if (count == 0)
            throw new ArgumentException($"--device is {name}, but there is no GPU: {whyNone()}. Allowed here: cpu.");
        if (index >= count)
            throw new ArgumentException($"--device is {name}, but libtorch sees {count} GPU{(count == 1 ? "" : "s")}. Allowed here: cpu, cuda, {string.Join(", ", Enumerable.Range(0, count).Select(i => $"cuda:{i}"))}.");
        return new(index == 0 && parts.Length == 1 ? GpuName : $"{GpuName}:{index}", new Device(DeviceType.CUDA, index));
    }

    private static int CountGpus()
    {
        using (zeros(1))
        {
            // libtorch is loaded with the first tensor.
        }

        return cuda.is_available() ? cuda.device_count() : 0;
    }

    private static string WhyNone() =>
        !NativeLibrary.TryLoad("torch_cuda", typeof(torch).Assembly, null, out _) ? "this libtorch has no CUDA (the build takes one that has with -p:TorchBackend=cuda)"
        : System.Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES") is { } visible ? $"libtorch has CUDA and sees none; CUDA_VISIBLE_DEVICES is '{visible}'"
        : "libtorch has CUDA and sees none; NVIDIA's driver must be there (nvidia-smi)";
}
