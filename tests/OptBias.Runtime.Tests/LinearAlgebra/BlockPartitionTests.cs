using OptBias.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests.LinearAlgebra;

public sealed class BlockPartitionTests
{
    [Theory]
    [InlineData(new long[] { 5, 3 }, 1024, new long[] { 5, 3 })]
    [InlineData(new long[] { 1, 50000 }, 1024, new long[] { 50000 })]
    [InlineData(new long[] { 4, 1, 3, 1 }, 1024, new long[] { 4, 3 })]
    [InlineData(new long[] { }, 1024, new long[] { 1 })]
    [InlineData(new long[] { 1, 1 }, 1024, new long[] { 1 })]
    public void Dimensions_of_size_one_do_not_count(long[] shape, int maxDimension, long[] expected) =>
        Assert.Equal(expected, BlockPartition.Of(shape, maxDimension).Dimensions);

    [Theory]
    [InlineData(new long[] { 64, 32, 3, 3 }, 1024, new long[] { 64, 288 })]
    [InlineData(new long[] { 64, 32, 3, 3 }, 100, new long[] { 64, 32, 9 })]
    [InlineData(new long[] { 10, 100 }, 1024, new long[] { 10, 100 })]
    [InlineData(new long[] { 4, 3, 2, 2 }, 1024, new long[] { 4, 12 })]
    [InlineData(new long[] { 2, 3, 600, 2, 2 }, 1024, new long[] { 6, 600, 4 })]
    [InlineData(new long[] { 7 }, 1024, new long[] { 7 })]
    public void Neighbours_merge_from_the_right_but_never_below_a_matrix(long[] shape, int maxDimension, long[] expected) =>
        Assert.Equal(expected, BlockPartition.Of(shape, maxDimension, mergeDimensions: true).Dimensions);

    [Fact]
    public void Blocks_cover_every_element_once()
    {
        using var scope = NewDisposeScope();
        var partition = BlockPartition.Of([7, 5, 4], 3);
        Assert.Equal(3 * 2 * 2, partition.Blocks.Count);
        var hits = zeros(7, 5, 4);
        foreach (var block in partition.Blocks)
        {
            Assert.All(block.Lengths, length => Assert.InRange(length, 1, 3));
            hits.narrow(0, block.Offsets[0], block.Lengths[0]).narrow(1, block.Offsets[1], block.Lengths[1]).narrow(2, block.Offsets[2], block.Lengths[2]).add_(1);
        }

        Assert.True(hits.eq(1).all().item<bool>());
        Assert.Equal("[6:7, 3:5, 3:4]", partition.Blocks[^1].ToString());
    }

    [Theory]
    [InlineData(ScalarType.Float32, true)]
    [InlineData(ScalarType.Float64, true)]
    [InlineData(ScalarType.Float64, false)]
    [InlineData(ScalarType.BFloat16, true)]
    public void Every_block_gets_the_length_of_the_other_updates_block(ScalarType dtype, bool contiguous)
    {
        using var scope = NewDisposeScope();
        foreach (var (shape, max) in ((long[], int)[])[([7, 5], 3), ([7, 5], 10), ([11], 4), ([5, 4, 3], 2), ([1, 9, 1], 4)])
        {
            var u = randn(shape, generator: new Generator(1)).to(dtype);
            var d = randn(shape, generator: new Generator(2)).to(dtype);
            if (!contiguous && shape.Length == 2)
                d = d.t().contiguous().t();
            var before = u.clone();
            var partition = BlockPartition.Of(shape, max);
            partition.TransferNorms(u, d);
            foreach (var block in partition.Blocks)
            {
                var (ub, db, old) = (Part(u), Part(d), Part(before));
                var tolerance = dtype == ScalarType.BFloat16 ? 1e-2 : 1e-5;
                Assert.Equal(1, (ub.norm() / db.norm()).item<double>(), tolerance);
                Assert.True((ub * old.norm()).allclose(old * ub.norm(), tolerance, tolerance), "The direction changed.");

                Tensor Part(Tensor tensor)
                {
                    var part = tensor.reshape([.. partition.Dimensions]).to(float64);
                    for (var k = 0; k < block.Offsets.Count; k++)
                        part = part.narrow(k, block.Offsets[k], block.Lengths[k]);
                    return part;
                }
            }
        }
    }

    [Theory]
    [InlineData(1e-25, 1e20)]
    [InlineData(1e25, 1e-20)]
    [InlineData(0.0, 1.0)]
    public void Norms_of_very_small_and_very_large_updates_are_transferred_too(double direction, double length)
    {
        using var scope = NewDisposeScope();
        var u = ones(4, 4) * direction;
        BlockPartition.Of([4, 4], 2).TransferNorms(u, ones(4, 4) * length);
        Assert.Equal(direction == 0 ? 0 : 1, (u / length).max().item<float>(), 1e-4);
    }
}
