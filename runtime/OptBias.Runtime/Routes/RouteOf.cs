using OptBias.Cuda;
using OptBias.Kernels;
using OptBias.LinearAlgebra;
using OptBias.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Routes;

/// <summary>The one place that looks at backend, device, type and layout, and says where work on a tensor runs.</summary>
public static class RouteOf
{
    private static readonly HashSet<string> Said = new(StringComparer.Ordinal);

    /// <summary>Treats the memory of the CPU as a device's, on this thread: tests take the route of a GPU without one.</summary>
    [ThreadStatic]
    private static bool deviceEverywhere;

    /// <inheritdoc cref="deviceEverywhere"/>
    internal static bool DeviceEverywhere
    {
        get => deviceEverywhere;
        set => deviceEverywhere = value;
    }

    /// <summary>Why the fused kernels cannot take a parameter, as the end of a sentence that begins with "it"; null where they can.</summary>
    /// <param name="device">Where the parameter is.</param>
    /// <param name="dtype">Its type.</param>
    /// <param name="storage">How its optimizer keeps state and parameters; null for the default.</param>
    public static string? Obstacle(DeviceType device, ScalarType dtype, StateStorage? storage = null) =>
        device is not (DeviceType.CPU or DeviceType.CUDA) ? $"is on {device.ToString().ToLowerInvariant()}, and the fused kernels run on the CPU and on CUDA"
        : !KernelTypes.Takes(dtype) ? $"is {dtype}, and the fused kernels take float64, float32, bfloat16 and float16"
        : device == DeviceType.CPU || storage is null ? null
        : storage.HasMaster(dtype) ? "has master weights, and only the fused kernels for the CPU keep those"
        : storage.RoundsStochastically(dtype) ? "is rounded stochastically, it or its state, and of the fused kernels only those for the CPU do that"
        : null;

    /// <summary>Of the passes over a parameter. Every parameter of a step may come here: where nothing is in the way, nothing is allocated.</summary>
    /// <param name="state">The parameter.</param>
    /// <param name="handle">Its handle.</param>
    /// <param name="gradientType">The type of its gradient; its own where the pass reads none.</param>
    /// <param name="backend">What the user wants.</param>
    internal static PassRoute OfPass(ParameterState state, nint handle, ScalarType gradientType, Backend backend)
    {
        if (backend == Backend.TorchSharp)
            return new(Route.Torch);
        var device = (DeviceType)TorchNative.DeviceType(handle);
        string? obstacle = null;
        KernelModule? kernels = null;
        if (state.Kernels is { } known && known.Types.Parameter == state.DType && known.Types.Gradient == gradientType)
            kernels = known;
        else if (Obstacle(device, state.DType, state.Route.Plan.Storage) is { } reason)
            obstacle = "it " + reason;
        else if (device == DeviceType.CPU ? gradientType != state.DType : !KernelTypes.Takes(gradientType))
            obstacle = $"it is {state.DType} and its gradient {gradientType}, and the fused kernels take {(device == DeviceType.CPU ? "both in one type" : "float64, float32, bfloat16 and float16")}";
        else if (device == DeviceType.CUDA)
            kernels = KernelsOf(state, gradientType, out obstacle);
        if (obstacle is null && !TorchNative.IsContiguous(handle))
            obstacle = "it is not contiguous";
        return obstacle is null ? new(kernels is null ? Route.Simd : Route.Device, kernels) : new(Route.Torch, null, obstacle);
    }

    /// <summary>Says once that parameters on a GPU take TorchSharp operations, and why.</summary>
    internal static void SayOnce(string optimizer, string obstacle)
    {
        lock (Said)
        {
            if (!Said.Add(obstacle))
                return;
        }

        MatrixWarnings.Raise($"{optimizer} updates parameters on CUDA with TorchSharp operations, many for each parameter, and not with fused kernels: {obstacle}.");
    }

    /// <summary>Of work on a tensor as a whole, in its own type.</summary>
    internal static Route Of(Tensor tensor) =>
        IsOnDevice(tensor) ? Route.Device
        : NativeBlas.IsAvailable && (ScalarType)TorchNative.DType(tensor.Handle) is ScalarType.Float32 or ScalarType.Float64 && TorchNative.IsContiguous(tensor.Handle) ? Route.Simd
        : Route.Torch;

    /// <summary>Of work that reads one tensor and writes another, in a given type.</summary>
    internal static Route Of(Tensor input, Tensor output, ScalarType dtype)
    {
        var (from, to) = (Of(input), Of(output));
        return from == Route.Device ? Route.Device
            : from == Route.Simd && to == Route.Simd && input.dtype == dtype && output.dtype == dtype ? Route.Simd
            : Route.Torch;
    }

    /// <summary>Of the look at a gradient: whether all its elements are finite.</summary>
    internal static Route OfGradient(ParameterState state)
    {
        var handle = state.GradientHandle;
        if (deviceEverywhere)
            return Route.Device;
        if (state.KnownGradient != 0)
            return Route.Simd;
        return TorchNative.DeviceType(handle) != (int)DeviceType.CPU ? Route.Device
            : TorchNative.IsContiguous(handle) && FiniteScan.Takes((ScalarType)TorchNative.DType(handle)) ? Route.Simd
            : Route.Torch;
    }

    private static KernelModule? KernelsOf(ParameterState state, ScalarType gradientType, out string? problem) =>
        CudaDevice.Find(state.Parameter.device_index, out problem)?.ModuleOf(state.Route.Plan, KernelTypes.Of(state, gradientType), out problem);

    private static bool IsOnDevice(Tensor tensor) => deviceEverywhere || TorchNative.DeviceType(tensor.Handle) != (int)DeviceType.CPU;
}
