namespace OptBias.LinearAlgebra;

/// <summary>
/// How the elements of a tensor are divided into matrix problems: dimensions of size 1 are dropped, neighbouring ones may
/// be merged, and dimensions that are too large are cut into chunks. Every block is a problem of its own.
/// </summary>
public sealed class BlockPartition
{
    private BlockPartition(long[] dimensions, IReadOnlyList<Block> blocks)
    {
        this.Dimensions = dimensions;
        this.Blocks = blocks;
    }

    /// <summary>The dimensions of the tensor as the blocks see it: at least one, the product is the number of elements.</summary>
    public IReadOnlyList<long> Dimensions { get; }

    /// <summary>Number of elements of the tensor.</summary>
    public long Elements => this.Dimensions.Aggregate(1L, static (product, size) => product * size);

    /// <summary>The blocks in row-major order of their places. One block if the tensor was not cut.</summary>
    public IReadOnlyList<Block> Blocks { get; }

    /// <summary>Divides a tensor.</summary>
    /// <param name="shape">The tensor's shape, of any order; a scalar counts as a vector of one element.</param>
    /// <param name="maxDimension">Largest dimension of a block. The last chunk of a dimension may be smaller.</param>
    /// <param name="mergeDimensions">
    /// Merges neighbours from the right while the product is at most <paramref name="maxDimension"/>, as long as a matrix
    /// remains: merged to order 1, a 10 × 100 head would become a vector of 1000 with a full-matrix preconditioner.
    /// </param>
    public static BlockPartition Of(ReadOnlySpan<long> shape, int maxDimension, bool mergeDimensions = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDimension, 1);
        var dimensions = shape.ToArray().Where(static size => size != 1).ToList();
        if (dimensions.Count == 0)
            dimensions.Add(1);
        if (mergeDimensions)
            dimensions = Merge(dimensions, maxDimension);
        return new BlockPartition([.. dimensions], [.. Cut(dimensions, maxDimension)]);
    }

    /// <summary>Gives each block of an update the length of another's: <c>u_b ← u_b · ‖d_b‖ / (‖u_b‖ + 1e-30)</c>, norms taken for each block.</summary>
    /// <param name="direction">u, overwritten; a contiguous tensor of the parameter's shape.</param>
    /// <param name="length">d, of the same shape.</param>
    /// <exception cref="ArgumentException">Another number of elements.</exception>
    public void TransferNorms(TorchSharp.torch.Tensor direction, TorchSharp.torch.Tensor length) => NormTransfer.Apply(this, direction, length);

    private static List<long> Merge(List<long> dimensions, int maxDimension)
    {
        var merged = new List<long>(dimensions);
        for (var i = merged.Count - 2; i >= 0 && merged.Count > 2; i--)
        {
            if (merged[i] * merged[i + 1] > maxDimension)
                continue;
            merged[i] *= merged[i + 1];
            merged.RemoveAt(i + 1);
        }

        return merged;
    }

    private static IEnumerable<Block> Cut(List<long> dimensions, int maxDimension)
    {
        var counts = dimensions.Select(size => Math.Max(1, (size + maxDimension - 1) / maxDimension)).ToArray();
        var total = counts.Aggregate(1L, static (product, count) => product * count);
        for (var index = 0L; index < total; index++)
        {
            var offsets = new long[counts.Length];
            var lengths = new long[counts.Length];
            var rest = index;
            for (var k = counts.Length - 1; k >= 0; k--)
            {
                offsets[k] = rest % counts[k] * maxDimension;
                lengths[k] = Math.Min(maxDimension, dimensions[k] - offsets[k]);
                rest /= counts[k];
            }

            yield return new Block(offsets, lengths);
        }
    }

    /// <summary>A rectangular part of the tensor.</summary>
    /// <param name="Offsets">First index in each dimension of <see cref="Dimensions"/>.</param>
    /// <param name="Lengths">Number of indices in each dimension.</param>
    public sealed record Block(IReadOnlyList<long> Offsets, IReadOnlyList<long> Lengths)
    {
        /// <summary>Number of elements.</summary>
        public long Elements => this.Lengths.Aggregate(1L, static (product, length) => product * length);

        /// <summary>The ranges of indices, half open: <c>[0:1024, 1024:1500]</c>.</summary>
        public override string ToString() =>
            $"[{string.Join(", ", this.Offsets.Zip(this.Lengths, static (offset, length) => $"{offset}:{offset + length}"))}]";
    }
}
