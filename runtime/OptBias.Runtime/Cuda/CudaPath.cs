using OptBias.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Cuda;

/// <summary>Whether a parameter's update can run as a fused kernel on its GPU.</summary>
internal static class CudaPath
{
    private static readonly HashSet<string> Said = new(StringComparer.Ordinal);

    /// <summary>Finds the kernels for a parameter whose gradient has been set; null if it has them, else what is in the way.</summary>
    public static string? Obstacle(ParameterState state)
    {
        // Every parameter of every step comes here: by handle, so that nothing is allocated.
        var parameter = state.Parameter;
        if (state.Kernels is { } kernels
            && kernels.Types.Parameter == (ScalarType)TorchNative.DType(parameter.Handle)
            && kernels.Types.Gradient == (ScalarType)TorchNative.DType(state.GradientHandle))
            return null;
        state.Kernels = null;
        if (parameter.device_type != DeviceType.CUDA)
            return $"it is on {parameter.device}, and fused kernels run on the CPU and on CUDA";
        if (!KernelTypes.Takes(parameter.dtype) || !KernelTypes.Takes(state.Gradient.dtype))
            return $"it is {parameter.dtype} and its gradient {state.Gradient.dtype}, and the fused kernels take float64, float32, bfloat16 and float16";
        if (state.Route.Plan.Storage.CudaObstacle(parameter.dtype) is { } obstacle)
            return "it " + obstacle;
        if (CudaDevice.Find(parameter.device_index, out var problem) is not { } device)
            return problem;
        state.Kernels = device.ModuleOf(state.Route.Plan, KernelTypes.Of(state), out problem);
        return problem;
    }

    /// <summary>Says once that parameters on a GPU take TorchSharp operations, and why.</summary>
    public static void SayOnce(string optimizer, string obstacle)
    {
        lock (Said)
        {
            if (!Said.Add(obstacle))
                return;
        }

        LinearAlgebra.MatrixWarnings.Raise($"{optimizer} updates parameters on CUDA with TorchSharp operations, many for each parameter, and not with fused kernels: {obstacle}.");
    }
}
