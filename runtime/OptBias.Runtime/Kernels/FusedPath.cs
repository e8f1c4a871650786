using TorchSharp;

namespace OptBias.Kernels;

/// <summary>Which parameters the fused kernels take; TorchSharp operations take the others.</summary>
public static class FusedPath
{
    /// <summary>Why the fused kernels cannot take a parameter, as the end of a sentence that begins with "it"; null where they can.</summary>
    /// <param name="device">Where the parameter is.</param>
    /// <param name="dtype">Its type.</param>
    /// <param name="storage">How its optimizer keeps state and parameters; null for the default.</param>
    public static string? Obstacle(DeviceType device, torch.ScalarType dtype, StateStorage? storage = null) =>
        device is not (DeviceType.CPU or DeviceType.CUDA) ? $"is on {device.ToString().ToLowerInvariant()}, and the fused kernels run on the CPU and on CUDA"
        : !Cuda.KernelTypes.Takes(dtype) ? $"is {dtype}, and the fused kernels take float64, float32, bfloat16 and float16"
        : device == DeviceType.CUDA ? storage?.CudaObstacle(dtype)
        : null;
}
