using OptBias.Kernels;
using OptBias.Routes;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>One block of a <see cref="KroneckerPreconditioner"/>: a factor and a root for each of its dimensions.</summary>
internal sealed class KroneckerBlock : IDisposable
{
    private readonly BlockPartition partition;

    public KroneckerBlock(BlockPartition partition, BlockPartition.Block place, ScalarType dtype, Device device, bool keepsBasis, bool asynchronous)
    {
        this.partition = partition;
        this.Place = place;
        this.Lengths = place.Lengths;
        this.Elements = place.Elements;
        this.Factors = [.. this.Lengths.Select(length => zeros(length, length, ScalarType.Float64, device).DetachFromDisposeScope())];
        this.Roots = [.. this.Lengths.Select(length => eye(length, length, dtype, device).DetachFromDisposeScope())];
        this.Bases = keepsBasis ? [.. this.Lengths.Select(length => eye(length, length, ScalarType.Float64, device).DetachFromDisposeScope())] : null;
        this.NextRoots = asynchronous ? [.. this.Roots.Select(static root => root.clone().DetachFromDisposeScope())] : null;
        this.NextBases = asynchronous ? this.Bases?.Select(static basis => basis.clone().DetachFromDisposeScope()).ToArray() : null;
        this.AllButOne = new Tensor?[this.Lengths.Count];
    }

    /// <summary>Where it lies in the tensor.</summary>
    public BlockPartition.Block Place { get; }

    /// <summary>Its dimensions.</summary>
    public IReadOnlyList<long> Lengths { get; }

    /// <summary>Number of its elements.</summary>
    public long Elements { get; }

    /// <summary>L_k, float64, one for each dimension. The lower triangle is valid; the upper one after <see cref="SimdMatrices.CompleteTriangles"/>.</summary>
    public Tensor[] Factors { get; }

    /// <summary>R_k, the identity until the first refresh.</summary>
    public Tensor[] Roots { get; }

    /// <summary>The eigenvectors of the last refresh, where staleness is measured.</summary>
    public Tensor[]? Bases { get; }

    /// <summary>Roots that wait to be taken over, where they are computed in the background.</summary>
    public Tensor[]? NextRoots { get; }

    /// <summary>The eigenvectors that belong to <see cref="NextRoots"/>.</summary>
    public Tensor[]? NextBases { get; }

    /// <summary>The stack in which factors and roots lie, where products are batched.</summary>
    public StackedBlocks? Stack { get; set; }

    /// <summary>Whether it is a vector or a matrix: those are worked on together with others.</summary>
    public bool IsMatrixOrVector => this.Lengths.Count <= 2;

    /// <summary>New roots that are to be taken over; null where there are none.</summary>
    public RootRefresh? Refresh { get; set; }

    /// <summary>The trace of its factors before a step; only where a gradient is so large that they may overflow.</summary>
    public double Trace { get; set; }

    /// <summary>Failed refreshes in a row.</summary>
    public int Failures { get; set; }

    private Tensor?[] AllButOne { get; }

    /// <summary>Adds the statistics of a gradient to the factors.</summary>
    /// <param name="gradient">The whole parameter's gradient, contiguous, in the dtype of the roots; read by the Kullback-Leibler statistic.</param>
    /// <param name="wide">The same in float64.</param>
    /// <param name="statistic">What is estimated.</param>
    /// <param name="decay">What remains of the old factor.</param>
    /// <param name="weight">Weight of the new term.</param>
    public void Accumulate(Tensor gradient, Tensor wide, KroneckerStatistic statistic, double decay, double weight)
    {
        if (statistic == KroneckerStatistic.Shampoo || this.Lengths.Count == 1)
        {
            var x = this.Read(wide);
            for (var k = 0; k < this.Lengths.Count; k++)
                ModeProducts.Gram(x, this.Lengths, k, this.Factors[k], weight, decay);
            return;
        }

        var elements = this.Elements;
        var narrow = this.Read(gradient);
        for (var k = 0; k < this.Lengths.Count; k++)
        {
            // Whitened by the roots of all other dimensions, (G ×ⱼ Rⱼ)(G ×ⱼ Rⱼ)ᵀ = G (⊗ⱼ Sⱼ⁻¹) Gᵀ since R = S^(−1/2).
            this.Roots.CopyTo(this.AllButOne, 0);
            this.AllButOne[k] = null;
            var whitened = Matrix.Of(Scratch.Get(Scratch.Slot.Whitened, elements, gradient.dtype, gradient.device), narrow.Rows, narrow.Columns);
            ModeProducts.Apply(narrow, this.Lengths, this.AllButOne, false, whitened);
            ModeProducts.Gram(Widened(whitened), this.Lengths, k, this.Factors[k], weight * this.Lengths[k] / elements, decay);
        }
    }

    /// <summary>Writes <c>u ×ₖ R_k</c> into the block's place in <paramref name="output"/>.</summary>
    public void Apply(Tensor input, Tensor output)
    {
        var x = this.Read(input);
        if (this.Lengths.Count <= 2 || this.partition.Blocks.Count == 1)
        {
            ModeProducts.Apply(x, this.Lengths, this.Roots, false, this.In(output));
            return;
        }

        var result = Scratch.Get(Scratch.Slot.BlockResult, this.Elements, output.dtype, output.device);
        ModeProducts.Apply(x, this.Lengths, this.Roots, false, Matrix.Of(result, x.Rows, x.Columns));
        using var scope = NewDisposeScope();
        this.View(output).copy_(result.narrow(0, 0, this.Elements).view([.. this.Lengths]));
    }

    /// <summary>Whether the squares of this block's gradient are finite.</summary>
    public bool HasFiniteSquares(Tensor gradient)
    {
        using var scope = NewDisposeScope();
        return double.IsFinite(Numbers.Read(this.View(gradient).Squared().sum()));
    }

    /// <summary>Puts new roots in the place of the old ones.</summary>
    public void TakeOver(RootRefresh refresh) => CopyWhereNew(refresh, this.Roots, this.Bases);

    /// <summary>Puts new roots where they wait; a root that was fresh enough waits as it is.</summary>
    public void Keep(RootRefresh refresh)
    {
        CopyWhereNew(new RootRefresh(this.Roots, this.Bases ?? [], null), this.NextRoots!, this.NextBases);
        CopyWhereNew(refresh, this.NextRoots!, this.NextBases);
    }

    /// <summary>What waits.</summary>
    public RootRefresh Kept() => new(Alias(this.NextRoots!), Alias(this.NextBases ?? []), null);

    public void To(Device device)
    {
        foreach (var tensors in this.All)
        {
            for (var i = 0; i < tensors.Length; i++)
                tensors[i] = tensors[i].to(device, disposeAfter: true).DetachFromDisposeScope();
        }

        this.LeaveStack();
    }

    public void Dispose()
    {
        foreach (var tensor in this.All.SelectMany(static tensors => tensors))
            tensor.Dispose();
        this.Refresh?.Dispose();
        this.LeaveStack();
    }

    /// <summary>The block as a matrix, or as one column, in a contiguous tensor of the parameter's shape. The caller disposes it.</summary>
    public Tensor AsMatrix(Tensor tensor) => this.In(tensor).View();

    /// <summary>Where the block lies in a contiguous tensor of the parameter's shape, a vector as a column; of a higher order only where it is the whole.</summary>
    public Matrix In(Tensor tensor)
    {
        var (offsets, lengths, dimensions) = (this.Place.Offsets, this.Lengths, this.partition.Dimensions);
        return lengths.Count switch
        {
            1 => new Matrix(tensor, offsets[0], lengths[0], 1, 1),
            2 => new Matrix(tensor, (offsets[0] * dimensions[1]) + offsets[1], lengths[0], lengths[1], dimensions[1]),
            _ => Matrix.Of(tensor, lengths[0], this.Elements / lengths[0]),
        };
    }

    private void LeaveStack()
    {
        this.Stack?.Dispose();
        this.Stack = null;
    }

    private static Tensor[] Alias(Tensor[] tensors) => Array.ConvertAll(tensors, static tensor => tensor.alias().DetachFromDisposeScope());

    private IEnumerable<Tensor[]> All => [this.Factors, this.Roots, this.Bases ?? [], this.NextRoots ?? [], this.NextBases ?? []];

    private static void CopyWhereNew(RootRefresh refresh, Tensor[] roots, Tensor[]? bases)
    {
        for (var k = 0; k < refresh.Roots.Length; k++)
        {
            if (refresh.Roots[k] is { } root)
                roots[k].copy_(root);
            if (bases is not null && refresh.Bases[k] is { } basis)
                bases[k].copy_(basis);
        }
    }

    /// <summary>The block of a contiguous tensor as the unfolding along dimension 0; vectors and matrices in place, others without gaps.</summary>
    private Matrix Read(Tensor tensor)
    {
        if (this.Lengths.Count <= 2 || this.partition.Blocks.Count == 1)
            return this.In(tensor);
        var elements = this.Elements;
        var copy = Scratch.Get(Scratch.Slot.Block, elements, tensor.dtype, tensor.device);
        using (NewDisposeScope())
            copy.narrow(0, 0, elements).view([.. this.Lengths]).copy_(this.View(tensor));
        return Matrix.Of(copy, this.Lengths[0], elements / this.Lengths[0]);
    }

    private static Matrix Widened(in Matrix matrix)
    {
        if (matrix.Tensor.dtype == ScalarType.Float64)
            return matrix;
        var wide = Matrix.Of(Scratch.Get(Scratch.Slot.Wide, matrix.Rows * matrix.Columns, ScalarType.Float64, matrix.Tensor.device), matrix.Rows, matrix.Columns);
        using var scope = NewDisposeScope();
        wide.View().copy_(matrix.View());
        return wide;
    }

    private Tensor View(Tensor tensor)
    {
        var strides = new long[this.Lengths.Count];
        var (stride, offset) = (1L, tensor.storage_offset());
        for (var k = strides.Length - 1; k >= 0; k--)
        {
            strides[k] = stride;
            offset += this.Place.Offsets[k] * stride;
            stride *= this.partition.Dimensions[k];
        }

        return tensor.as_strided([.. this.Lengths], strides, offset);
    }
}
