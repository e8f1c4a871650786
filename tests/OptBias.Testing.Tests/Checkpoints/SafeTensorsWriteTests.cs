using System.Buffers.Binary;
using System.Text;

namespace OptBias.Testing.Tests;

public sealed class SafeTensorsWriteTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        SafeTensors.Write(
            this.folder["a"],
            [new SafeTensor("flag", SafeTensorType.BOOL, [1], [1]), SafeTensor.Of("x", [2], [1.0f, -2.0f])],
            new Dictionary<string, string> { ["steps"] = "2" });

        var bytes = File.ReadAllBytes(this.folder["a"]);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal(
            """{"__metadata__":{"steps":"2"},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"flag":{"dtype":"BOOL","shape":[1],"data_offsets":[8,9]}}""",
            Encoding.UTF8.GetString(bytes, 8, length).TrimEnd(' '));
        Assert.Equal([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 1], bytes[(8 + length)..]);
    }

    [Fact]
    public void Every_type_comes_back_as_it_was()
    {
        List<SafeTensor> tensors = [.. Enum.GetValues<SafeTensorType>().Select(type =>
            new SafeTensor($"of \"{type}\" in ℝⁿ", type, [3, 2], [.. Enumerable.Range(1, 6 * type.Size()).Select(x => (byte)x)]))];
        tensors.Add(new SafeTensor("none", SafeTensorType.F64, [4, 0], []));
        SafeTensors.Write(this.folder["a"], tensors);

        var file = SafeTensors.Read(this.folder["a"]);
        Assert.Equal(tensors.Count, file.Count);
        foreach (var tensor in tensors)
        {
            Assert.Equal(tensor.Type, file[tensor.Name].Type);
            Assert.Equal(tensor.Shape, file[tensor.Name].Shape);
            Assert.Equal(tensor.Bytes, file[tensor.Name].Bytes);
        }
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_nothing_beside_it()
    {
        SafeTensors.Write(this.folder["a"], [SafeTensor.Of("x", [1], [1.0])]);
        var before = File.ReadAllBytes(this.folder["a"]);

        Assert.Throws<IOException>(() => AtomicFile.Write(this.folder["a"], stream =>
        {
            stream.WriteByte(1);
            throw new IOException("The disk is full.");
        }));

        Assert.Equal(before, File.ReadAllBytes(this.folder["a"]));
        Assert.Equal([this.folder["a"]], Directory.GetFiles(this.folder.FullName));
    }

    [Fact]
    public void Two_tensors_of_one_name_are_refused() =>
        Assert.Contains("'x'", Assert.Throws<ArgumentException>(() => SafeTensors.Write(
            this.folder["a"], [SafeTensor.Of("x", [1], [1.0]), SafeTensor.Of("x", [1], [2.0])])).Message, StringComparison.Ordinal);

    [Fact]
    public void Data_that_does_not_fill_the_shape_is_refused() =>
        Assert.Contains("takes 24 bytes, not 8", Assert.Throws<ArgumentException>(() => SafeTensor.Of("x", [3], [1.0])).Message, StringComparison.Ordinal);

    [Fact]
    public void Elements_are_only_given_out_as_a_type_of_their_size()
    {
        var tensor = SafeTensor.Of("x", [1], [1.0]);
        Assert.Throws<InvalidOperationException>(() => tensor.As<float>().Length);
        Assert.Throws<InvalidOperationException>(() => tensor.As<bool>().Length);
    }
}
