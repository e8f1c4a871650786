using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Benchmarks.Measurement;

/// <summary>
/// Pushes everything out of the caches by writing a buffer larger than they are, through libtorch: its thread team is awake
/// afterwards, as it is after a backward pass.
/// </summary>
public sealed class CacheFlush : IDisposable
{
    private readonly Tensor buffer;

    /// <summary>Makes the buffer.</summary>
    /// <param name="bytes">Its size; at least twice the last cache.</param>
    public CacheFlush(long bytes = 256L << 20) => this.buffer = zeros(bytes / 4, dtype: ScalarType.Float32).DetachFromDisposeScope();

    /// <summary>Flushes.</summary>
    public void Flush() => this.buffer.add_(1);

    /// <inheritdoc/>
    public void Dispose() => this.buffer.Dispose();
}
