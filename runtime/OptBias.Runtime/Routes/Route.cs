namespace OptBias.Routes;

/// <summary>Where an operation on tensors runs.</summary>
internal enum Route
{
    /// <summary>On the CPU's memory as it is: lanes, and queues of products and roots that share the threads.</summary>
    Simd,

    /// <summary>On a device, where a call costs more than a small product, and reading a number waits for all calls before it.</summary>
    Device,

    /// <summary>By TorchSharp's operations, one by one: what no other route takes.</summary>
    Torch,
}

/// <summary>The route of the passes over a parameter.</summary>
/// <param name="Route">Where they run.</param>
/// <param name="Kernels">The kernels of its device; null on the CPU.</param>
/// <param name="Obstacle">Why it is not fused, as a sentence that begins with "it"; null where it is, or nobody asked for it.</param>
internal readonly record struct PassRoute(Route Route, Cuda.KernelModule? Kernels = null, string? Obstacle = null);
