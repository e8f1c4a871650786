using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>The state of a preconditioner before a step that may fail: factors, roots, what has been counted.</summary>
internal sealed class KroneckerSnapshot : IDisposable
{
    private readonly KroneckerPreconditioner owner;
    private readonly (Tensor Live, Tensor Copy)[] tensors;
    private readonly int[] failures;
    private readonly long lastRefresh;

    public KroneckerSnapshot(KroneckerPreconditioner owner)
    {
        this.owner = owner;
        this.tensors = [.. owner.Blocks.SelectMany(static block => block.Changing).Select(static tensor => (tensor, tensor.clone().DetachFromDisposeScope()))];
        this.failures = [.. owner.Blocks.Select(static block => block.Failures)];
        this.lastRefresh = owner.LastRefresh;
    }

    public void Restore()
    {
        foreach (var (live, copy) in this.tensors)
            live.copy_(copy);
        for (var i = 0; i < this.failures.Length; i++)
            this.owner.Blocks[i].Failures = this.failures[i];
        this.owner.LastRefresh = this.lastRefresh;
    }

    public void Dispose()
    {
        foreach (var (_, copy) in this.tensors)
            copy.Dispose();
    }
}
