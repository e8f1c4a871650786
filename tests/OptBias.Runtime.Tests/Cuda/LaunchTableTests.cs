using OptBias.Cuda;

namespace OptBias.Runtime.Tests;

/// <summary>What a launch is told, as plain numbers.</summary>
public sealed class LaunchTableTests
{
    [Theory]
    [InlineData(0L)]
    [InlineData(1L)]
    [InlineData((long)LaunchTable.ChunkSize - 1)]
    [InlineData((long)LaunchTable.ChunkSize)]
    [InlineData((long)LaunchTable.ChunkSize + 1)]
    [InlineData((5L * LaunchTable.ChunkSize) + 77)]
    public void Chunks_cover_every_element_once(long elements)
    {
        var table = Table([3, elements, 5]);
        for (var row = 0; row < 3; row++)
        {
            var next = 0L;
            foreach (var chunk in table.Chunks.ToArray().Where(chunk => chunk.Row == row))
            {
                Assert.Equal(next, chunk.Begin);
                Assert.InRange(chunk.Count, 1, LaunchTable.ChunkSize);
                next += chunk.Count;
            }

            Assert.Equal(row switch { 0 => 3, 1 => elements, _ => 5 }, next);
        }
    }

    [Fact]
    public void Chunks_of_an_aligned_tensor_are_aligned()
    {
        // 16 elements of the narrowest type are 32 bytes.
        Assert.All(Table([100_000]).Chunks.ToArray(), chunk => Assert.Equal(0, chunk.Begin % 16));
    }

    [Fact]
    public void A_tensor_of_more_elements_than_an_int_holds_is_cut_like_any_other()
    {
        const long elements = 5_000_000_011;
        var chunks = Table([elements]).Chunks;
        Assert.Equal((elements + LaunchTable.ChunkSize - 1) / LaunchTable.ChunkSize, chunks.Length);
        Assert.Equal(elements, chunks[^1].Begin + chunks[^1].Count);
    }

    [Fact]
    public void A_row_is_the_place_of_the_scalars_the_addresses_and_where_wanted_the_last_two_dimensions()
    {
        var table = new LaunchTable(tensors: 2, scalars: 1, layouts: 1);
        table.Add([100, 200], 6, [0.5], 2, 3);
        table.Add([300, 400], 20, [0.25], 4, 5);
        table.Complete();
        Assert.Equal([0, 100, 200, 2, 3, 1, 300, 400, 4, 5], table.Rows.ToArray());
        Assert.Equal([0.5, 0.25], table.Scalars.ToArray());
    }

    [Fact]
    public void Neighbours_with_the_same_scalars_share_them()
    {
        var table = new LaunchTable(tensors: 1, scalars: 2, layouts: 0);
        table.Add([1], 1, [0.5, 0.0]);
        table.Add([2], 1, [0.5, 0.0]);
        table.Add([3], 1, [0.5, -0.0]);
        table.Add([4], 1, [0.5, double.NaN]);
        table.Add([5], 1, [0.5, double.NaN]);
        table.Complete();
        Assert.Equal([0, 1, 0, 2, 1, 3, 2, 4, 2, 5], table.Rows.ToArray());
        Assert.Equal(6, table.Scalars.Length);
    }

    [Fact]
    public void Passes_without_scalars_have_none()
    {
        var table = new LaunchTable(tensors: 1, scalars: 0, layouts: 0);
        table.Add([1], 1, []);
        table.Add([2], 1, []);
        table.Complete();
        Assert.Equal(0, table.Scalars.Length);
        Assert.Equal([0, 1, 0, 2], table.Rows.ToArray());
    }

    [Fact]
    public void Chunks_are_cut_anew_only_where_sizes_have_changed()
    {
        var table = new LaunchTable(tensors: 1, scalars: 0, layouts: 0);
        Assert.True(Step(10, 20));
        Assert.False(Step(10, 20));
        Assert.True(Step(10, 21));
        Assert.True(Step(10));
        Assert.Equal(1, table.Chunks.Length);
        Assert.False(Step(10));
        Assert.True(Step(10, 20));
        Assert.Equal(2, table.Chunks.Length);
        Assert.True(Step());
        Assert.Equal(0, table.Chunks.Length);

        bool Step(params long[] sizes)
        {
            table.Clear();
            foreach (var size in sizes)
                table.Add([1], size, []);
            table.Complete();
            return table.ChunksChanged;
        }
    }

    private static LaunchTable Table(long[] sizes)
    {
        var table = new LaunchTable(tensors: 1, scalars: 1, layouts: 0);
        foreach (var size in sizes)
            table.Add([64], size, [1.0]);
        table.Complete();
        return table;
    }
}
