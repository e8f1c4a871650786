using OptBias.LinearAlgebra;
using OptBias.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Kernels;

/// <summary>What a step that may still be refused changes, as it was before. Taken only where a refusal is possible: after three failed refreshes of a root, say.</summary>
internal sealed class StepSnapshot : IDisposable
{
    private readonly List<(Tensor Live, Tensor Copy)> tensors = [];
    private readonly List<IUndo> matrices = [];

    /// <summary>Takes a copy of a tensor that stays the same object.</summary>
    public void Add(Tensor live) => this.tensors.Add((live, live.clone().DetachFromDisposeScope()));

    /// <summary>Takes note of a matrix state.</summary>
    public void Add(IMatrixState state) => this.matrices.Add(state is IRemembers own ? own.Remember() : new MatrixSnapshot(state));

    /// <summary>Brings everything back.</summary>
    public void Restore()
    {
        using var off = AutogradOff.Enter();
        foreach (var (live, copy) in this.tensors)
            live.copy_(copy);
        foreach (var matrix in this.matrices)
            matrix.Restore();
    }

    public void Dispose()
    {
        foreach (var (_, copy) in this.tensors)
            copy.Dispose();
        foreach (var matrix in this.matrices)
            matrix.Dispose();
    }
}
