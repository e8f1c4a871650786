using OptBias.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Routes;

/// <summary>Tensors of any order, type and layout, one by one and at once, by TorchSharp's operations and single products.</summary>
internal sealed class TorchMatrices(MatrixRoutes routes) : IMatrixRoute
{
    /// <inheritdoc/>
    public bool Accumulate(in FactorUpdate item)
    {
        var narrow = Arguments.Read(item.Gradient, item.Blocks[0].Roots[0].dtype);
        var wide = Arguments.Read(item.Gradient, ScalarType.Float64, slot: Scratch.Slot.Wide);
        foreach (var block in item.Blocks)
            block.Accumulate(narrow, wide, item.Statistic, item.Decay, item.Weight);
        return true;
    }

    /// <inheritdoc/>
    public bool Decompose(KroneckerBlock block, in RootRequest request)
    {
        SimdMatrices.CompleteTriangles(block.Factors);
        block.Refresh?.Dispose();
        block.Refresh = RootRefresh.Compute(block.Factors, block.Bases, request);
        routes.Checks.Sums([.. block.Refresh.Roots.OfType<Tensor>()], block, static (block, sums) => block.Refresh = block.Refresh!.Judged(sums));
        return true;
    }

    /// <inheritdoc/>
    public bool Multiply(in Multiplication item)
    {
        var input = Arguments.Read(item.Input, item.DType, copy: item.Input.Handle == item.Output.Handle);
        var output = Arguments.Target(item.Output, item.DType);
        foreach (var block in item.Blocks)
            block.Apply(input, output);
        Arguments.Deliver(output, item.Output);
        return true;
    }

    /// <inheritdoc/>
    public bool Rotate(in Rotation item)
    {
        var input = Arguments.Read(item.Input, item.Basis.DType, copy: item.Input.Handle == item.Output.Handle);
        var output = Arguments.Target(item.Output, item.Basis.DType);
        ModeProducts.Apply(item.Basis.Unfold(input), item.Basis.Lengths, item.Basis.Bases, item.Transpose, item.Basis.Unfold(output));
        Arguments.Deliver(output, item.Output);
        return true;
    }

    /// <inheritdoc/>
    public bool Follow(in BasisUpdate item)
    {
        item.Basis.FollowAlone(item);
        return true;
    }

    /// <summary>What the queues cannot take is stacked: that is TorchSharp operations too.</summary>
    public bool Orthogonalize(in Orthogonalization item) => false;

    /// <summary>Nothing waits.</summary>
    public void Run(MatrixRoutes routes)
    {
    }

    /// <summary>Nothing waits.</summary>
    public void Clear()
    {
    }

    public void Dispose()
    {
    }
}
