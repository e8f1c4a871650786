using System.Buffers.Binary;
using System.IO.Compression;
using OptBias.Lab.Data;

namespace OptBias.Lab.Tests.Data;

public sealed class DigitDataTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => this.directory.Dispose();

    [Fact]
    public void Idx_files_are_read_gzipped_and_plain()
    {
        this.WriteAll();
        var (train, test) = IdxDirectory.Read(this.directory.Path);
        Assert.Equal(20, train.Count);
        Assert.Equal(10, test.Count);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (byte)(i % 10)), train.Labels);
        Assert.Equal(Pixel(3, 5), train.Images[(3 * 784) + 5]);
    }

    [Fact]
    public void A_missing_directory_is_named() =>
        this.Fails("there is no such directory", Path.Combine(this.directory.Path, "nowhere"));

    [Fact]
    public void A_missing_file_is_named()
    {
        this.WriteAll();
        File.Delete(this.File_("t10k-labels-idx1-ubyte.gz"));
        this.Fails("has neither t10k-labels-idx1-ubyte.gz nor t10k-labels-idx1-ubyte");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(100)]
    [InlineData(-9)]
    [InlineData(-4)]
    public void A_truncated_gz_is_said_to_be_truncated(int bytes)
    {
        this.WriteAll();
        var path = this.File_("train-images-idx3-ubyte.gz");
        var content = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes < 0 ? content[..^-bytes] : content[..bytes]);
        this.Fails("train-images-idx3-ubyte.gz: is truncated");
    }

    [Fact]
    public void A_damaged_gz_is_said_to_be_damaged()
    {
        this.WriteAll();
        var path = this.File_("train-images-idx3-ubyte.gz");
        var content = File.ReadAllBytes(path);
        content.AsSpan(12, 20).Fill(0xFF);
        File.WriteAllBytes(path, content);
        this.FailsWith("train-images-idx3-ubyte.gz: is ", "damaged");
    }

    [Fact]
    public void Labels_in_place_of_images_are_recognised()
    {
        this.WriteAll();
        File.WriteAllBytes(this.File_("train-images-idx3-ubyte.gz"), Compressed(Labels(20)));
        this.FailsWith("train-images-idx3-ubyte.gz", "0x00000801 (the file holds labels), expected 0x00000803");
    }

    [Fact]
    public void Images_and_labels_that_disagree_are_counted()
    {
        this.WriteAll();
        File.WriteAllBytes(this.File_("train-labels-idx1-ubyte"), Labels(19));
        this.Fails("train-labels-idx1-ubyte: holds 19 labels, but train-images-idx3-ubyte.gz holds 20 images");
    }

    [Fact]
    public void A_file_that_is_shorter_than_its_header_says_is_truncated()
    {
        this.WriteAll();
        File.WriteAllBytes(this.File_("train-labels-idx1-ubyte"), Labels(20)[..^1]);
        this.Fails("is truncated: its header announces 20 labels, 28 bytes, and it holds 27");
    }

    [Fact]
    public void A_file_that_is_longer_than_its_header_says_is_refused()
    {
        this.WriteAll();
        File.WriteAllBytes(this.File_("train-labels-idx1-ubyte"), [.. Labels(20), 0]);
        this.Fails("is longer than its header says");
    }

    [Fact]
    public void A_label_above_nine_is_refused()
    {
        this.WriteAll();
        var labels = Labels(20);
        labels[8 + 7] = 11;
        File.WriteAllBytes(this.File_("train-labels-idx1-ubyte"), labels);
        this.Fails("label 7 is 11");
    }

    [Fact]
    public void An_empty_file_is_truncated()
    {
        this.WriteAll();
        File.WriteAllBytes(this.File_("train-labels-idx1-ubyte"), []);
        this.Fails("is truncated: 0 bytes hold no IDX header");
    }

    [Fact]
    public void Embedded_digits_are_the_same_on_every_machine()
    {
        // The hash of the bytes drawn when this was written; a machine that rounds otherwise would differ.
        using var data = DigitData.Load(null);
        Assert.Equal("sha256:c7e3bb71ec9802f4", data.Fingerprint);
    }

    [Fact]
    public void Embedded_digits_have_all_classes_equally_often_in_every_part()
    {
        using var data = DigitData.Load(null);
        foreach (var part in new[] { data.Train, data.Validation, data.Test })
        {
            var counts = part.Labels.data<long>().ToArray().CountBy(l => l).Select(c => c.Value).ToArray();
            Assert.Equal(10, counts.Length);
            Assert.All(counts, c => Assert.Equal(part.Count / 10, c));
        }
    }

    [Fact]
    public void Embedded_digits_of_another_seed_are_others()
    {
        var (a, _) = EmbeddedDigits.Create(10, 10, seed: 1);
        var (b, _) = EmbeddedDigits.Create(10, 10, seed: 2);
        Assert.NotEqual(a.Images, b.Images);
    }

    [Fact]
    public void Validation_is_no_part_of_training()
    {
        var (train, test) = EmbeddedDigits.Create(120, 10);
        using var data = DigitData.Of("few", train, test);
        Assert.Equal(100, data.Train.Count);
        Assert.Equal(20, data.Validation.Count);
        var kept = Images(data.Train).ToHashSet();
        Assert.DoesNotContain(Images(data.Validation), kept.Contains);
    }

    private static IEnumerable<string> Images(DigitSet set) =>
        set.Images.data<float>().ToArray().Chunk(784).Select(image => string.Join(' ', image));

    private static byte Pixel(int image, int position) => (byte)(((image * 31) + position) % 256);

    private static byte[] ImageFile(int count)
    {
        var content = new byte[16 + (count * 784)];
        int[] header = [0x803, count, 28, 28];
        for (var i = 0; i < header.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(4 * i), header[i]);
        for (var i = 0; i < count * 784; i++)
            content[16 + i] = Pixel(i / 784, i % 784);
        return content;
    }

    private static byte[] Labels(int count)
    {
        var content = new byte[8 + count];
        BinaryPrimitives.WriteInt32BigEndian(content, 0x801);
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(4), count);
        for (var i = 0; i < count; i++)
            content[8 + i] = (byte)(i % 10);
        return content;
    }

    private static byte[] Compressed(byte[] content)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Fastest))
            gzip.Write(content);
        return result.ToArray();
    }

    private string File_(string name) => Path.Combine(this.directory.Path, name);

    private void WriteAll()
    {
        File.WriteAllBytes(this.File_("train-images-idx3-ubyte.gz"), Compressed(ImageFile(20)));
        File.WriteAllBytes(this.File_("train-labels-idx1-ubyte"), Labels(20));
        File.WriteAllBytes(this.File_("t10k-images-idx3-ubyte"), ImageFile(10));
        File.WriteAllBytes(this.File_("t10k-labels-idx1-ubyte.gz"), Compressed(Labels(10)));
    }

    private void Fails(string message, string? directory = null)
    {
        var e = Assert.Throws<DataException>(() => IdxDirectory.Read(directory ?? this.directory.Path));
        Assert.Contains(message, e.Message);
        Assert.StartsWith(directory ?? this.directory.Path, e.Message);
    }

    private void FailsWith(params string[] parts)
    {
        var e = Assert.Throws<DataException>(() => IdxDirectory.Read(this.directory.Path));
        Assert.All(parts, part => Assert.Contains(part, e.Message));
    }
}
