using System.Collections.Concurrent;

namespace OptBias.Cuda;

/// <summary>The compiled kernels of one optimizer for one combination of types on one device.</summary>
/// <param name="device">Where they run.</param>
/// <param name="types">What they are compiled for.</param>
/// <param name="find">The kernel of a name.</param>
internal sealed class KernelModule(IKernelDevice device, KernelTypes types, Func<string, nint> find)
{
    // Optimizers of one class share a module, each on a thread of its own.
    private readonly ConcurrentDictionary<string, nint> kernels = new(StringComparer.Ordinal);

    /// <summary>Where they run.</summary>
    public IKernelDevice Device { get; } = device;

    /// <summary>What they are compiled for.</summary>
    public KernelTypes Types { get; } = types;

    /// <summary>The kernel of a name.</summary>
    public nint Kernel(string name) => this.kernels.GetOrAdd(name, find);
}
