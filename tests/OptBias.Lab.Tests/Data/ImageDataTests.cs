using System.Buffers.Binary;
using System.IO.Compression;
using OptBias.Lab.Data;

namespace OptBias.Lab.Tests.Data;

public sealed class ImageDataTests : IDisposable
{
    private const int TrainCount = 60;
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => this.directory.Dispose();

    [Fact]
    public void Idx_files_are_read_gzipped_and_plain()
    {
        this.WriteAll();
        var (train, test) = ImageDirectory.Read(this.directory.Path);
        Assert.Equal(TrainCount, train.Count);
        Assert.Equal(10, test.Count);
        Assert.Equal(Enumerable.Range(0, TrainCount).Select(i => (byte)(i % 10)), train.Labels);
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

    /// <summary>The names under which archives have the same files.</summary>
    [Theory]
    [InlineData("train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte")]
    [InlineData("emnist-digits-train-images-idx3-ubyte", "emnist-digits-train-labels-idx1-ubyte", "emnist-digits-test-images-idx3-ubyte", "emnist-digits-test-labels-idx1-ubyte")]
    public void Other_usual_names_are_read(string trainImages, string trainLabels, string testImages, string testLabels)
    {
        File.WriteAllBytes(this.File_(trainImages), ImageFile(TrainCount));
        File.WriteAllBytes(this.File_(trainLabels + ".gz"), Compressed(Labels(TrainCount)));
        File.WriteAllBytes(this.File_(testImages + ".gz"), Compressed(ImageFile(10)));
        File.WriteAllBytes(this.File_(testLabels), Labels(10));
        var (train, test) = ImageDirectory.Read(this.directory.Path);
        Assert.Equal((TrainCount, 10), (train.Labels.Length, test.Labels.Length));

        File.WriteAllBytes(this.File_("other-train-labels-idx1-ubyte"), Labels(TrainCount));
        if (trainLabels.StartsWith("emnist", StringComparison.Ordinal))
            this.Fails("leave the files of one data set in it");
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
        File.WriteAllBytes(this.File_("train-images-idx3-ubyte.gz"), Compressed(Labels(TrainCount)));
        this.FailsWith("train-images-idx3-ubyte.gz", "0x00000801 (the file holds labels), expected 0x00000803");
    }

    [Fact]
    public void Images_and_labels_that_disagree_are_counted()
    {
        this.WriteAll();
        File.WriteAllBytes(this.File_("train-labels-idx1-ubyte"), Labels(TrainCount - 1));
        this.Fails("train-labels-idx1-ubyte: holds 59 labels, but train-images-idx3-ubyte.gz holds 60 images");
    }

    [Fact]
    public void A_file_that_is_shorter_than_its_header_says_is_truncated()
    {
        this.WriteAll();
        File.WriteAllBytes(this.File_("train-labels-idx1-ubyte"), Labels(TrainCount)[..^1]);
        this.Fails("is truncated: its header announces 60 labels, 68 bytes, and it holds 67");
    }

    [Fact]
    public void A_file_that_is_longer_than_its_header_says_is_refused()
    {
        this.WriteAll();
        File.WriteAllBytes(this.File_("train-labels-idx1-ubyte"), [.. Labels(TrainCount), 0]);
        this.Fails("is longer than its header says");
    }

    [Fact]
    public void A_class_that_is_left_out_is_named()
    {
        this.WriteAll();
        var labels = Labels(TrainCount);
        labels[8 + 7] = 11;
        File.WriteAllBytes(this.File_("train-labels-idx1-ubyte"), labels);
        this.Fails("has no example of the class 10; classes are 0 to 11 here");
    }

    [Fact]
    public void An_empty_file_is_truncated()
    {
        this.WriteAll();
        File.WriteAllBytes(this.File_("train-labels-idx1-ubyte"), []);
        this.Fails("is truncated: 0 bytes hold no IDX header");
    }

    [Theory]
    [InlineData(10, "has 1 of the class 0; of each class at least 6 are needed")]
    [InlineData(59, "has 5 of the class 9; of each class at least 6 are needed")]
    [InlineData(9, "has no example of the class 9")]
    public void Too_few_training_digits_to_split_are_counted(int count, string message)
    {
        this.WriteAll();
        File.WriteAllBytes(this.File_("train-images-idx3-ubyte.gz"), Compressed(ImageFile(count)));
        File.WriteAllBytes(this.File_("train-labels-idx1-ubyte"), Labels(count));
        if (count == 9)
            this.Fails(message);
        else
            this.FailsWith("train-labels-idx1-ubyte: ", message);
    }

    [Fact]
    public void The_fewest_digits_that_can_be_split_have_all_classes_in_every_part()
    {
        this.WriteAll();
        using var data = ImageData.Load(this.directory.Path);
        Assert.Equal((50, 10, 10), (data.Train.Count, data.Validation.Count, data.Test.Count));
        Assert.All([data.Train, data.Validation, data.Test], part => Assert.Equal(10, part.Labels.data<long>().ToArray().Distinct().Count()));
    }

    /// <summary>A file that is ordered by class has digits of one class at its front, which are all that is measured where not all are.</summary>
    [Fact]
    public void The_first_test_digits_are_of_all_classes_however_the_file_is_ordered()
    {
        var (train, test) = EmbeddedDigits.Create(120, 1000);
        var order = Enumerable.Range(0, test.Count).OrderBy(i => test.Labels[i]).ToArray();
        RawImages sorted = new([.. order.SelectMany(i => test.Images.AsSpan(i * 784, 784).ToArray())], [.. order.Select(i => test.Labels[i])], 28, 28);
        using var data = ImageData.Of("sorted", train, sorted);
        Assert.Equal(10, data.Test.Labels.data<long>().ToArray().Take(200).Distinct().Count());
    }

    [Fact]
    public void A_gzip_file_of_several_members_is_read_whole()
    {
        this.WriteAll();
        var content = ImageFile(TrainCount);
        var path = this.File_("train-images-idx3-ubyte.gz");
        File.WriteAllBytes(path, [.. Compressed(content[..5]), .. Compressed(content[5..20_000]), .. Compressed([]), .. Compressed(content[20_000..])]);
        var (train, _) = ImageDirectory.Read(this.directory.Path);
        Assert.Equal(content[16..], train.Images);
        File.WriteAllBytes(path, [.. Compressed(content[..20_000]), .. Compressed(content[20_000..])[..^9]]);
        this.Fails("is truncated");
        File.WriteAllBytes(path, [.. Compressed(content[..20_000]), .. Compressed([.. content[20_000..], 0])]);
        this.Fails("is longer than its header says");
    }

    /// <summary>Compressed zeros are a thousandth of their size. What is read is what the header announces, in memory that is bounded.</summary>
    [Theory]
    [InlineData(TrainCount, "is longer than its header says")]
    [InlineData(TrainCount + 1, "holds 60 labels, but")]
    [InlineData(int.MaxValue, "holds 60 labels, but")]
    public void A_file_that_grows_without_end_is_not_read_to_its_end(int count, string message)
    {
        this.WriteAll();
        var header = ImageFile(TrainCount);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), count);
        this.WriteGrowing("train-images-idx3-ubyte.gz", header);
        var before = GC.GetAllocatedBytesForCurrentThread();
        this.FailsWith(message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    [Fact]
    public void Labels_that_announce_more_than_is_read_are_refused_and_those_that_are_not_there_take_no_memory()
    {
        this.WriteAll();
        var header = Labels(1);
        File.Delete(this.File_("train-labels-idx1-ubyte"));
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), int.MaxValue);
        this.WriteGrowing("train-labels-idx1-ubyte.gz", header);
        var before = GC.GetAllocatedBytesForCurrentThread();
        this.FailsWith("announces 2147483647 labels, more than the 1073741824 bytes that are read");
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), 1_000_000_000);
        File.WriteAllBytes(this.File_("train-labels-idx1-ubyte.gz"), header);
        this.FailsWith("is truncated: its header announces 1000000000 labels");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    [Fact]
    public void Embedded_digits_are_the_same_on_every_machine()
    {
        // The hash of the bytes drawn when this was written; a machine that rounds otherwise would differ.
        using var data = ImageData.Load(null);
        Assert.Equal("sha256:c7e3bb71ec9802f4", data.Fingerprint);
    }

    [Fact]
    public void Embedded_digits_have_all_classes_equally_often_in_every_part()
    {
        using var data = ImageData.Load(null);
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
        using var data = ImageData.Of("few", train, test);
        Assert.Equal(100, data.Train.Count);
        Assert.Equal(20, data.Validation.Count);
        var kept = Images(data.Train).ToHashSet();
        Assert.DoesNotContain(Images(data.Validation), kept.Contains);
    }

    private static IEnumerable<string> Images(ExampleSet set) =>
        set.Images.data<float>().ToArray().Chunk(784).Select(image => string.Join(' ', image));

    private static byte Pixel(int image, int position) => IdxBytes.Pixel(image, position);

    private static byte[] ImageFile(int count) => IdxBytes.Images(count);

    private static byte[] Labels(int count) => IdxBytes.Labels(count);

    private static byte[] Compressed(byte[] content) => IdxBytes.Compressed(content);

    /// <summary>A gzip file of 300 kB: some content, and 300 MB of zeros behind it.</summary>
    private void WriteGrowing(string name, byte[] content)
    {
        using var file = File.Create(this.File_(name));
        using var gzip = new GZipStream(file, CompressionLevel.Fastest);
        gzip.Write(content);
        var zeros = new byte[1 << 20];
        for (var i = 0; i < 300; i++)
            gzip.Write(zeros);
    }

    private string File_(string name) => Path.Combine(this.directory.Path, name);

    private void WriteAll()
    {
        File.WriteAllBytes(this.File_("train-images-idx3-ubyte.gz"), Compressed(ImageFile(TrainCount)));
        File.WriteAllBytes(this.File_("train-labels-idx1-ubyte"), Labels(TrainCount));
        File.WriteAllBytes(this.File_("t10k-images-idx3-ubyte"), ImageFile(10));
        File.WriteAllBytes(this.File_("t10k-labels-idx1-ubyte.gz"), Compressed(Labels(10)));
    }

    private void Fails(string message, string? directory = null)
    {
        var e = Assert.Throws<DataException>(() => ImageDirectory.Read(directory ?? this.directory.Path));
        Assert.Contains(message, e.Message);
        Assert.StartsWith(directory ?? this.directory.Path, e.Message);
    }

    private void FailsWith(params string[] parts)
    {
        var e = Assert.Throws<DataException>(() => ImageDirectory.Read(this.directory.Path));
        Assert.All(parts, part => Assert.Contains(part, e.Message));
    }
}
