namespace OptBias.Testing.Tests;

/// <summary>Names and shapes at the edge of what the format can say.</summary>
public sealed class SafeTensorsEdgeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => this.folder.Dispose();

    [Theory]
    [InlineData("4294967296,4294967296")]
    [InlineData("4294967296,4294967296,1")]
    [InlineData("4294967296,4294967296,2,3")]
    [InlineData("9223372036854775807,9223372036854775807,9223372036854775807,9223372036854775807")]
    [InlineData("1,9223372036854775807,1,9223372036854775807,1")]
    public void A_product_of_sizes_that_overflows_once_or_more_is_no_size_whatever_follows(string shape)
    {
        foreach (var length in new[] { 0, 1, 2, 4, 6 })
        {
            var header = $$$"""{"a":{"dtype":"U8","shape":[{{{shape}}}],"data_offsets":[0,{{{length}}}]}}""";
            File.WriteAllBytes(this.folder["x"], SafeTensorsBytes.Of(header, new byte[length]));
            Assert.Contains("more bytes than a 64-bit number counts", Assert.Throws<InvalidDataException>(() => SafeTensors.Read(this.folder["x"])).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => new SafeTensor("a", SafeTensorType.U8, shape.Split(',').Select(long.Parse), new byte[length]));
        }
    }

    [Theory]
    [InlineData(4294967296, 4294967296, 0)]
    [InlineData(0, long.MaxValue, long.MaxValue)]
    [InlineData(long.MaxValue, 0, long.MaxValue)]
    public void A_size_of_zero_makes_a_tensor_empty_whatever_the_others_are(long a, long b, long c)
    {
        SafeTensors.Write(this.folder["x"], [new SafeTensor("a", SafeTensorType.F64, [a, b, c], [])]);
        Assert.Equal([a, b, c], SafeTensors.Read(this.folder["x"])["a"].Shape);
    }

    [Fact]
    public void The_largest_shape_that_counts_in_64_bits_is_a_size() =>
        Assert.Contains("takes 9223372036854775807 bytes, not 1", Assert.Throws<ArgumentException>(() => new SafeTensor("a", SafeTensorType.U8, [long.MaxValue], [0])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_tensor_cannot_have_the_name_of_the_metadata()
    {
        Assert.Contains("cannot have that name", Assert.Throws<ArgumentException>(() => new SafeTensor("__metadata__", SafeTensorType.U8, [1], [1])).Message, StringComparison.Ordinal);
        Assert.Equal("__metadata", new SafeTensor("__metadata", SafeTensorType.U8, [1], [1]).Name);
        var header = """{"__metadata__":{"dtype":"U8","shape":"[1]","data_offsets":"[0,1]"},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""";
        File.WriteAllBytes(this.folder["x"], SafeTensorsBytes.Of(header, 5));
        var file = SafeTensors.Read(this.folder["x"]);
        Assert.Equal(["a"], file.Select(tensor => tensor.Name));
        Assert.Equal("U8", file.Metadata["dtype"]);
    }

    [Fact]
    public void A_file_is_written_over_an_older_one_that_was_longer()
    {
        SafeTensors.Write(this.folder["x"], [SafeTensor.Of("a", [100], new double[100])]);
        SafeTensors.Write(this.folder["x"], [SafeTensor.Of("b", [1], [3.0])]);
        Assert.Equal([3.0], SafeTensors.Read(this.folder["x"])["b"].As<double>().ToArray());
    }
}
