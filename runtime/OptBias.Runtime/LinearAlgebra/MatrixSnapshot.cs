using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>A state as it was, to go back to.</summary>
internal interface IUndo : IDisposable
{
    /// <summary>Goes back.</summary>
    void Restore();
}

/// <summary>A matrix state that knows a cheaper way back than a copy of all it has.</summary>
internal interface IRemembers
{
    /// <summary>Takes note of the state as it is.</summary>
    IUndo Remember();
}

/// <summary>A matrix state that may refuse a step after it has begun.</summary>
internal interface IMayFail
{
    /// <summary>Whether it may refuse the coming step while matrix states learn, before parameters are written. Its gradient has been looked at.</summary>
    bool MayFailEarly { get; }

    /// <summary>Whether it may refuse the coming step at its end, when parameters have been written.</summary>
    bool MayFailLate { get; }
}

/// <summary>Copies of all tensors and counters of a matrix state.</summary>
internal sealed class MatrixSnapshot : IUndo
{
    private readonly IMatrixState state;
    private readonly Tensor[] copies;
    private readonly long[] counters;

    public MatrixSnapshot(IMatrixState state)
    {
        this.state = state;
        this.copies = [.. state.Tensors.Select(static tensor => tensor.Value.clone().DetachFromDisposeScope())];
        this.counters = [.. state.Counters.Select(static counter => counter.Value)];
    }

    /// <inheritdoc/>
    public void Restore()
    {
        // By place and not by object: stacking replaces a block's tensors by views.
        foreach (var (tensor, copy) in this.state.Tensors.Zip(this.copies))
            tensor.Value.copy_(copy);
        this.state.SetCounters(this.counters);
    }

    public void Dispose()
    {
        foreach (var copy in this.copies)
            copy.Dispose();
    }
}
