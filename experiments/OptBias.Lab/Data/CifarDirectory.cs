namespace OptBias.Lab.Data;

/// <summary>
/// CIFAR-10 and CIFAR-100 (Krizhevsky 2009) as their "binary version" has them: records of one label, or of a coarse and a fine one, and 3 × 32 × 32
/// pixels, red before green before blue. Each file with or without <c>.gz</c>. Of CIFAR-100 the hundred fine classes are read.
/// </summary>
internal static class CifarDirectory
{
    private const int Side = 32;
    private const int Pixels = 3 * Side * Side;

    /// <summary>The most images that a file may hold: CIFAR-100's training images are as many.</summary>
    private const int MostImages = 50_000;

    private static readonly Kind Ten = new("CIFAR-10", LabelBytes: 1, Classes: 10, [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin")], "test_batch.bin");
    private static readonly Kind Hundred = new("CIFAR-100", LabelBytes: 2, Classes: 100, ["train.bin"], "test.bin");

    /// <summary>Whether a directory holds a file of either.</summary>
    public static bool IsIn(string directory) => Of(directory) is not null;

    /// <summary>Reads the training and the test images.</summary>
    /// <exception cref="DataException">A file is missing or wrong.</exception>
    public static (RawImages Train, RawImages Test) Read(string directory)
    {
        var kind = Of(directory)!;
        var train = Join([.. kind.Train.Select(file => ReadFile(Find(directory, kind, file), kind))]);
        var test = ReadFile(Find(directory, kind, kind.Test), kind);
        ClassLabels.Count(train.Labels, test.Labels, directory, directory);
        return (train, test);
    }

    private static Kind? Of(string directory) => new[] { Ten, Hundred }.FirstOrDefault(kind => kind.Train.Append(kind.Test).Any(file => Existing(directory, file) is not null));

    private static string? Existing(string directory, string file) => new[] { file, file + ".gz" }.Select(name => Path.Combine(directory, name)).FirstOrDefault(File.Exists);

    private static string Find(string directory, Kind kind, string file) => Existing(directory, file)
        ?? throw new DataException(directory, $"has no {file} or {file}.gz; the binary version of {kind.Name} has {string.Join(", ", kind.Train)} and {kind.Test}.");

    private static RawImages ReadFile(string path, Kind kind)
    {
        var size = kind.LabelBytes + Pixels;
        try
        {
            using var stream = DataFile.Open(path);
            // A list of images grows with what is there; a stream may be compressed, and its end is not known before.
            var (images, labels) = (new List<byte[]>(), new List<byte>());
            var record = new byte[size];
            for (int got; (got = stream.ReadAtLeast(record, size, throwOnEndOfStream: false)) > 0;)
            {
                if (got < size)
                    throw new DataException(path, $"is no binary batch of {kind.Name}: after {labels.Count} images of {size} bytes there are {got} bytes more.");
                if (labels.Count == MostImages)
                    throw new DataException(path, $"holds more than {MostImages} images, which no batch of {kind.Name} does.");
                var label = record[kind.LabelBytes - 1];
                if (label >= kind.Classes)
                    throw new DataException(path, $"is no binary batch of {kind.Name}: label {labels.Count} is {label}, and labels are 0 to {kind.Classes - 1}.");
                labels.Add(label);
                images.Add(record[kind.LabelBytes..]);
            }

            return labels.Count > 0 ? Join([.. images.Select((image, i) => new RawImages(image, [labels[i]], Side, Side, 3))]) : throw new DataException(path, "is empty.");
        }
        catch (DataFileException e)
        {
            throw new DataException(path, e.Message, e.InnerException);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"cannot be read: {e.Message}", e);
        }
    }

    private static RawImages Join(RawImages[] parts)
    {
        var (images, labels) = (new byte[parts.Sum(p => p.Images.Length)], new byte[parts.Sum(p => p.Count)]);
        var (atImage, atLabel) = (0, 0);
        foreach (var part in parts)
        {
            part.Images.CopyTo(images, atImage);
            part.Labels.CopyTo(labels, atLabel);
            (atImage, atLabel) = (atImage + part.Images.Length, atLabel + part.Count);
        }

        return new(images, labels, Side, Side, 3);
    }

    /// <param name="Name">Its name, for messages.</param>
    /// <param name="LabelBytes">Bytes of labels before the pixels; the last of them is the class.</param>
    /// <param name="Classes">Number of classes.</param>
    /// <param name="Train">Names of the training files.</param>
    /// <param name="Test">Name of the test file.</param>
    private sealed record Kind(string Name, int LabelBytes, int Classes, IReadOnlyList<string> Train, string Test);
}
