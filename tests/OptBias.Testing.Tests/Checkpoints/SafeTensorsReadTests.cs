using System.Globalization;

namespace OptBias.Testing.Tests;

public sealed class SafeTensorsReadTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public void A_file_written_by_hand_reads_with_its_shapes_values_and_metadata()
    {
        var file = this.Read(SafeTensorsBytes.Of(
            """{"__metadata__":{"optimizer":"Sgd"},"b":{"dtype":"U8","shape":[2,1],"data_offsets":[4,6]},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}   """,
            0, 0, 0x80, 0x3f, 7, 9));

        Assert.Equal(["b", "a"], file.Select(tensor => tensor.Name));
        Assert.Equal([2, 1], file["b"].Shape);
        Assert.Equal([7, 9], file["b"].Bytes.ToArray());
        Assert.Empty(file["a"].Shape);
        Assert.Equal([1f], file["a"].As<float>().ToArray());
        Assert.Equal("Sgd", file.Metadata["optimizer"]);
    }

    [Fact]
    public void Files_of_the_reference_implementation_read()
    {
        var files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "trajectories"), "*.safetensors");
        Assert.NotEmpty(files);
        foreach (var path in files)
        {
            var file = SafeTensors.Read(path);
            var steps = long.Parse(file.Metadata["steps"], System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal([steps, .. file["param.0.init"].Shape], file["param.0.after"].Shape);
        }
    }

    [Theory]
    [InlineData("a safetensors file begins with 8 bytes", "")]
    [InlineData("a safetensors file begins with 8 bytes", "01020304")]
    [InlineData("claims 18446744073709551615 bytes, more than the 100000000", "ffffffffffffffff7b7d")]
    [InlineData("claims 3 bytes, but only 2 follow", "03000000000000007b7d")]
    [InlineData("the header is not JSON", "0000000000000000")]
    [InlineData("the header is not JSON", "02000000000000007b78")]
    [InlineData("the header is not JSON", "0200000000000000fffe")]
    public void A_file_that_is_something_else_is_named_with_what_is_wrong(string message, string hexadecimal) =>
        this.AssertMalformed(message, Convert.FromHexString(hexadecimal));

    [Theory]
    [InlineData("a number where an object is expected", "3")]
    [InlineData("an array where an object is expected", "[]")]
    [InlineData("tensor 'a' is null where an object is expected", """{"a":null}""")]
    [InlineData("__metadata__ is text where an object is expected", """{"__metadata__":"x"}""")]
    [InlineData("__metadata__, 'k': a number where text is expected", """{"__metadata__":{"k":1}}""")]
    [InlineData("__metadata__ lists 'k' twice", """{"__metadata__":{"k":"1","k":"2"}}""")]
    [InlineData("lists '__metadata__' twice", """{"__metadata__":{},"__metadata__":{}}""")]
    [InlineData("tensor 'a' has no dtype", """{"a":{"shape":[4],"data_offsets":[0,4]}}""")]
    [InlineData("tensor 'a' has no shape", """{"a":{"dtype":"U8","data_offsets":[0,4]}}""")]
    [InlineData("tensor 'a' has no data_offsets", """{"a":{"dtype":"U8","shape":[4]}}""")]
    [InlineData("tensor 'a' has dtype twice", """{"a":{"dtype":"U8","dtype":"U8","shape":[4],"data_offsets":[0,4]}}""")]
    [InlineData("dtype is a number", """{"a":{"dtype":8,"shape":[4],"data_offsets":[0,4]}}""")]
    [InlineData("unknown dtype 'F8_E4M3'. Known: F64, F32, F16, BF16, I64, I32, U8, BOOL", """{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}""")]
    [InlineData("unknown dtype '6'", """{"a":{"dtype":"6","shape":[4],"data_offsets":[0,4]}}""")]
    [InlineData("shape holds -4", """{"a":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}}""")]
    [InlineData("shape holds 1.5", """{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,4]}}""")]
    [InlineData("shape holds \"4\"", """{"a":{"dtype":"U8","shape":["4"],"data_offsets":[0,4]}}""")]
    [InlineData("data_offsets are two numbers", """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0]}}""")]
    [InlineData("[4, 0] end before they begin", """{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}}""")]
    [InlineData("F32 of shape [4] takes 16 bytes, but data_offsets [0, 4] span 4", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,4]}}""")]
    [InlineData("takes more bytes than a 64-bit number counts", """{"a":{"dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,4]}}""")]
    [InlineData("only 4 bytes of data follow the header", """{"a":{"dtype":"U8","shape":[5],"data_offsets":[0,5]}}""")]
    [InlineData("they overlap", """{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""")]
    [InlineData("1 bytes between tensor 'a' and tensor 'b' belong to no tensor", """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""")]
    [InlineData("4 bytes after the end of the header belong to no tensor", "{}")]
    [InlineData("lists 'a' twice", """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""")]
    [InlineData("text that is not Unicode", """{"\ud800":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""")]
    public void A_malformed_header_is_named_with_what_is_wrong(string message, string header) =>
        this.AssertMalformed(message, SafeTensorsBytes.Of(header, 1, 2, 3, 4));

    [Fact]
    public void A_missing_tensor_is_named_with_the_nearest_one()
    {
        var file = this.Read(SafeTensorsBytes.Of("""{"param.0.init":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 5));
        var exception = Assert.Throws<KeyNotFoundException>(() => file["param.0.int"]);
        Assert.Contains("Did you mean 'param.0.init'?", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_truncation_and_any_changed_byte_is_read_or_reported_and_nothing_else()
    {
        var valid = SafeTensorsBytes.Of(
            """{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[2],"data_offsets":[8,10]}}""",
            new byte[10]);
        for (var length = 0; length < valid.Length; length++)
            Assert.Throws<InvalidDataException>(() => this.Read(valid[..length]));

        var random = new Random(1);
        var rejected = 0;
        for (var trial = 0; trial < 5_000; trial++)
        {
            var changed = (byte[])valid.Clone();
            for (var change = random.Next(1, 4); change > 0; change--)
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            try
            {
                this.Read(changed);
            }
            catch (InvalidDataException exception)
            {
                rejected++;
                Assert.Contains("file.safetensors", exception.Message, StringComparison.Ordinal);
            }
        }

        Assert.InRange(rejected, 2_500, 5_000);
    }

    private SafeTensorsFile Read(byte[] bytes)
    {
        File.WriteAllBytes(this.folder["file.safetensors"], bytes);
        return SafeTensors.Read(this.folder["file.safetensors"]);
    }

    private void AssertMalformed(string message, byte[] bytes)
    {
        var exception = Assert.Throws<InvalidDataException>(() => this.Read(bytes));
        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{this.folder["file.safetensors"]}: "), exception.Message, StringComparison.Ordinal);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }
}
