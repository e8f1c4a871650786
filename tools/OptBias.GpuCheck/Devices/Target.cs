using OptBias.Kernels;
using OptBias.Routes;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.GpuCheck.Devices;

/// <summary>The device that is checked: a GPU, or in a dry run the CPU.</summary>
internal sealed record Target
{
    private Target(Device device) => this.Device = device;

    /// <summary>The CPU.</summary>
    public static Target Cpu { get; } = new(torch.CPU);

    /// <summary>The device.</summary>
    public Device Device { get; }

    /// <summary>Whether it is a GPU.</summary>
    public bool IsGpu => this.Device.type == DeviceType.CUDA;

    /// <summary>As PyTorch writes it: <c>cuda:0</c>.</summary>
    public string Name => this.IsGpu ? $"cuda:{this.Device.index}" : "cpu";

    /// <summary>A GPU by its number. It must be there.</summary>
    public static Target Gpu(int index) => new(new Device(DeviceType.CUDA, index));

    /// <summary>Why fused code does not take a type on this device, as the end of a sentence that begins with "it"; null if it does.</summary>
    public string? Obstacle(ScalarType dtype) => RouteOf.Obstacle(this.Device.type, dtype);

    /// <summary>Waits until the device has done what it was asked for.</summary>
    public void Synchronize()
    {
        if (this.IsGpu)
            cuda.synchronize(this.Device);
    }
}
