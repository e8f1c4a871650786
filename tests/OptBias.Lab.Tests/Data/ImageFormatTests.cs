using OptBias.Lab.Data;
using OptBias.Lab.Models;
using OptBias.Lab.Studies;
using OptBias.Lab.Tasks;
using OptBias.Lab.Training;
using TorchSharp;

namespace OptBias.Lab.Tests.Data;

/// <summary>Images of any size, colour and number of classes: from the files to a trained network.</summary>
public sealed class ImageFormatTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => this.directory.Dispose();

    /// <summary>Fashion and K are MNIST's size, EMNIST has 2 to 62 classes, of which those of the letters begin at 1.</summary>
    [Theory]
    [InlineData("", "t10k", 28, 28, 10, 0)]
    [InlineData("emnist-balanced-", "test", 28, 28, 47, 0)]
    [InlineData("emnist-byclass-", "test", 28, 28, 62, 0)]
    [InlineData("emnist-letters-", "test", 28, 28, 26, 1)]
    [InlineData("", "t10k", 12, 17, 2, 0)]
    public void Idx_files_of_any_size_and_number_of_classes_are_read(string prefix, string test, int rows, int columns, int classes, int first)
    {
        this.Write($"{prefix}train-images-idx3-ubyte", ImageBytes.Idx(6 * classes, rows, columns, classes));
        this.Write($"{prefix}train-labels-idx1-ubyte.gz", IdxBytes.Compressed(ImageBytes.Labels(6 * classes, classes, first)));
        this.Write($"{prefix}{test}-images-idx3-ubyte.gz", IdxBytes.Compressed(ImageBytes.Idx(classes, rows, columns, classes)));
        this.Write($"{prefix}{test}-labels-idx1-ubyte", ImageBytes.Labels(classes, classes, first));
        using var data = ImageData.Load(this.directory.Path);
        Assert.Equal(new ImageFormat(1, rows, columns, classes), data.Format);
        Assert.Equal([5 * classes, 1, rows, columns], data.Train.Images.shape);
        Assert.Equal(Enumerable.Range(0, classes).Select(c => (long)c), data.Test.Labels.data<long>().ToArray().Order());
    }

    [Fact]
    public void Qmnist_has_its_classes_in_the_first_column_of_its_labels()
    {
        this.WriteQmnist(i => i % 10);
        using var data = ImageData.Load(this.directory.Path);
        Assert.Equal(ImageFormat.Digits, data.Format);
        Assert.Equal((50, 10, 20), (data.Train.Count, data.Validation.Count, data.Test.Count));

        this.WriteQmnist(i => i == 3 ? 1003 : i % 10);
        this.Fails("label 3 is 1003, and classes are 0 to 255");
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(100, 2)]
    public void Cifars_binary_batches_are_read_with_colours_and_fine_classes(int classes, int labelBytes)
    {
        this.WriteCifar(classes, labelBytes);
        using var data = ImageData.Load(this.directory.Path);
        Assert.Equal(new ImageFormat(3, 32, 32, classes), data.Format);
        Assert.Equal(5 * classes, data.Train.Count);
        var (train, _) = ImageDirectory.Read(this.directory.Path);
        Assert.Equal(ImageBytes.Cifar(1, classes, labelBytes, shift: 0)[labelBytes..], train.Images[..3072]);
        Assert.Equal(Enumerable.Range(0, classes).Select(c => (byte)c), train.Labels[..classes]);
        Assert.Contains($"(3×32×32, {classes} classes)", data.Description);
    }

    [Fact]
    public void What_is_wrong_with_cifars_files_is_said()
    {
        this.WriteCifar(10, 1);
        File.Delete(Path.Combine(this.directory.Path, "data_batch_3.bin.gz"));
        this.Fails("has no data_batch_3.bin or data_batch_3.bin.gz; the binary version of CIFAR-10 has data_batch_1.bin");

        this.WriteCifar(10, 1);
        this.Write("test_batch.bin", ImageBytes.Cifar(20, 10, 1)[..^5]);
        this.Fails("test_batch.bin: is no binary batch of CIFAR-10: after 19 images of 3073 bytes there are 3068 bytes more");
        this.Write("test_batch.bin", ImageBytes.Cifar(20, 12, 1));
        this.Fails("test_batch.bin: is no binary batch of CIFAR-10: label 10 is 10, and labels are 0 to 9");
        this.Write("test_batch.bin", []);
        this.Fails("test_batch.bin: is empty");
        this.Write("test_batch.bin", IdxBytes.Compressed(ImageBytes.Cifar(20, 10, 1))[..^6]);
        this.Fails("test_batch.bin: is truncated");
        this.Write("test_batch.bin", ImageBytes.Cifar(9, 10, 1));
        this.Fails("has no example of the class 9");
    }

    /// <summary>300 MB of zeros in 300 kB: the first image beyond what is read ends it, and its memory is what was read.</summary>
    [Fact]
    public void A_batch_that_grows_without_end_is_not_read_to_its_end()
    {
        this.WriteCifar(10, 1);
        using (var file = File.Create(Path.Combine(this.directory.Path, "test_batch.bin")))
        using (var gzip = new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionLevel.Fastest))
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 300; i++)
                gzip.Write(zeros);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        this.Fails("test_batch.bin: holds more than 50000 images");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200 << 20);
    }

    /// <summary>Every network takes every image, and its logits are as many as there are classes.</summary>
    [Theory]
    [InlineData(1, 28, 28, 10)]
    [InlineData(3, 32, 32, 100)]
    [InlineData(1, 9, 9, 2)]
    [InlineData(3, 30, 45, 7)]
    [InlineData(2, 5, 4, 256)]
    public void Networks_take_images_of_any_size_and_colour(int channels, int rows, int columns, int classes)
    {
        foreach (var kind in ModelKind.All.Where(kind => !kind.ReadsText))
        {
            var model = ModelSpecification.Of(kind) with { Images = new(channels, rows, columns, classes) };
            using var network = model.Create(seed: 1);
            using var images = TorchSharp.torch.rand(3, channels, rows, columns);
            using var logits = network.forward(images);
            Assert.Equal([3, classes], logits.shape);
            Assert.True(logits.isfinite().all().ToBoolean(), kind.Name);
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(47)]
    [InlineData(2)]
    [InlineData(3)]
    public void Tasks_of_two_classes_hold_each_class_once(int classes)
    {
        Scenario scenario = new ClassIncremental { Images = new(1, 4, 4, classes) };
        Assert.Equal(Enumerable.Range(0, classes), Enumerable.Range(0, scenario.Tasks).SelectMany(scenario.Classes));
        Assert.All(Enumerable.Range(0, scenario.Tasks), task => Assert.InRange(scenario.Classes(task).Count, 2, 3));
        using var source = new ExampleSet(TorchSharp.torch.rand(2 * classes, 1, 4, 4), TorchSharp.torch.arange(2 * classes).remainder(classes));
        for (var task = 0; task < scenario.Tasks; task++)
        {
            using var set = scenario.Take(source, task, DataPart.Training, seed: 1);
            Assert.Equal([.. scenario.Classes(task), .. scenario.Classes(task)], set.Labels.data<long>().ToArray().Select(l => (int)l));
        }
    }

    /// <summary>A turn by 90 degrees moves the pixels of an oblong image too: what leaves it is gone, nothing is sheared.</summary>
    [Fact]
    public void A_rotation_keeps_the_shape_of_what_is_drawn_on_an_oblong_image()
    {
        using var images = TorchSharp.torch.zeros(1, 3, 20, 40);
        images[0, 0, TorchSharp.torch.TensorIndex.Slice(8, 12), TorchSharp.torch.TensorIndex.Slice(16, 24)] = 1f;
        using var source = new ExampleSet(images, TorchSharp.torch.zeros(1, TorchSharp.torch.ScalarType.Int64));
        var scenario = new RotatedDigits(2, LastAngle: 90) { Images = new(3, 20, 40, 10) };
        using var turned = scenario.Take(source, 1, DataPart.Test, seed: 1);
        using var lit = turned.Images[0, 0].gt(0.5f);
        using var rows = lit.any(1).sum();
        using var columns = lit.any(0).sum();
        Assert.Equal((8, 4), (rows.ToInt64(), columns.ToInt64()));
    }

    /// <summary>A study of other data than digits, from its files to its report, and the report again from the folder alone.</summary>
    [Theory]
    [InlineData("mlp-16")]
    [InlineData("cnn-16")]
    [InlineData("transformer-16x1")]
    public void A_study_runs_on_colour_images_and_its_report_is_made_again_from_its_folder(string model)
    {
        this.WriteCifar(10, 1);
        var results = Path.Combine(this.directory.Path, "results");
        Assert.Equal(0, OptBias.Lab.Commands.CommandLine.Run(["run", "class-incremental", "--data", this.directory.Path, "--model", model, "--optimizers", "AdamW", "--seeds", "1", "--out", results], Studies.TinyStudies.Laboratory));
        Assert.Equal(0, OptBias.Lab.Commands.CommandLine.Run(["report", results], Studies.TinyStudies.Laboratory));
        Assert.Contains("3×32×32, 10 classes", File.ReadAllText(Path.Combine(results, "report.html")), StringComparison.Ordinal);
    }

    /// <summary>Where the number of classes is another, so are tasks, guesses and logits, in the report too.</summary>
    [Fact]
    public void A_study_of_five_classes_has_two_tasks()
    {
        this.Write("train-images-idx3-ubyte", ImageBytes.Idx(60, 9, 9, 5));
        this.Write("train-labels-idx1-ubyte", ImageBytes.Labels(60, 5, first: 1));
        this.Write("t10k-images-idx3-ubyte", ImageBytes.Idx(20, 9, 9, 5));
        this.Write("t10k-labels-idx1-ubyte", ImageBytes.Labels(20, 5, first: 1));
        var results = Path.Combine(this.directory.Path, "results");
        Assert.Equal(0, OptBias.Lab.Commands.CommandLine.Run(["run", "class-incremental", "--data", this.directory.Path, "--model", "mlp-16", "--optimizers", "AdamW", "--seeds", "1", "--out", results], Studies.TinyStudies.Laboratory));
        Assert.Equal(0, OptBias.Lab.Commands.CommandLine.Run(["report", results], Studies.TinyStudies.Laboratory));
        var page = File.ReadAllText(Path.Combine(results, "report.html"));
        Assert.Contains("2 tasks of two classes each (the last of three)", page, StringComparison.Ordinal);
        Assert.Contains("A guess has an average accuracy of 0.2, a network that knows the last task alone one of 0.5", page, StringComparison.Ordinal);
    }

    private void WriteQmnist(Func<int, int> trainLabel)
    {
        this.Write("qmnist-train-images-idx3-ubyte.gz", IdxBytes.Compressed(ImageBytes.Idx(60, 28, 28, 10)));
        this.Write("qmnist-train-labels-idx2-int.gz", IdxBytes.Compressed(ImageBytes.LongLabels(60, trainLabel)));
        this.Write("qmnist-test-images-idx3-ubyte.gz", IdxBytes.Compressed(ImageBytes.Idx(20, 28, 28, 10)));
        this.Write("qmnist-test-labels-idx2-int.gz", IdxBytes.Compressed(ImageBytes.LongLabels(20, i => i % 10)));
    }

    private void WriteCifar(int classes, int labelBytes)
    {
        if (labelBytes == 2)
        {
            this.Write("train.bin", ImageBytes.Cifar(6 * classes, classes, labelBytes));
            this.Write("test.bin", ImageBytes.Cifar(2 * classes, classes, labelBytes));
            return;
        }

        for (var batch = 1; batch <= 5; batch++)
            this.Write($"data_batch_{batch}.bin{(batch == 3 ? ".gz" : "")}", batch == 3 ? IdxBytes.Compressed(ImageBytes.Cifar(12, classes, labelBytes, shift: 24)) : ImageBytes.Cifar(12, classes, labelBytes, shift: 12 * (batch - 1)));
        this.Write("test_batch.bin", ImageBytes.Cifar(20, classes, labelBytes));
    }

    private void Write(string name, byte[] content) => File.WriteAllBytes(Path.Combine(this.directory.Path, name), content);

    private void Fails(string message) =>
        Assert.Contains(message, Assert.Throws<DataException>(() => ImageDirectory.Read(this.directory.Path)).Message);
}
