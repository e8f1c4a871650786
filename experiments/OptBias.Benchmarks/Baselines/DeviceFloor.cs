using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Benchmarks.Baselines;

/// <summary>The floor of memory on a GPU: its own copy, moving as many bytes as a rule's passes must.</summary>
public sealed class DeviceFloor : IDisposable
{
    private readonly Tensor source;
    private readonly Tensor destination;

    /// <summary>The floor under one optimizer on some float32 parameters.</summary>
    /// <param name="cost">What its step moves.</param>
    /// <param name="elements">Elements of all parameters.</param>
    /// <param name="device">The GPU.</param>
    public DeviceFloor(UpdateCost cost, long elements, Device device)
    {
        ArgumentNullException.ThrowIfNull(cost);

        // A copy reads each byte and writes it.
        var count = Math.Max(1, cost.BytesMoved(ScalarType.Float32) * elements / 2 / sizeof(float));
        this.source = ones(count, dtype: ScalarType.Float32, device: device).DetachFromDisposeScope();
        this.destination = ones(count, dtype: ScalarType.Float32, device: device).DetachFromDisposeScope();
    }

    /// <summary>Moves the memory once.</summary>
    public void Run() => this.destination.copy_(this.source);

    /// <inheritdoc/>
    public void Dispose()
    {
        this.source.Dispose();
        this.destination.Dispose();
    }
}
