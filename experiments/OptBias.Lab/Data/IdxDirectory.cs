namespace OptBias.Lab.Data;

/// <summary>
/// The four IDX files of a data set under the MNIST names, each with or without <c>.gz</c>: <c>train-images-idx3-ubyte</c>, with a dot before
/// <c>idx</c> as some archives have it, and with a prefix as EMNIST has it (<c>emnist-letters-train-images-idx3-ubyte</c>, test files with
/// <c>test</c>). Labels may be QMNIST's (<c>qmnist-train-labels-idx2-int</c>). Images of any size, 2 to 256 classes.
/// </summary>
internal static class IdxDirectory
{
    private const string Images = "images-idx3-ubyte";
    private const string Labels = "labels-idx1-ubyte";
    private const string LongLabels = "labels-idx2-int";

    /// <summary>Reads the training and the test images.</summary>
    /// <param name="directory">Where the files lie.</param>
    /// <exception cref="DataException">A file is missing or wrong, or images and labels disagree.</exception>
    public static (RawImages Train, RawImages Test) Read(string directory)
    {
        var (train, trainLabels) = ReadPart(directory, "train");
        var (test, testLabels) = ReadPart(directory, "t10k");
        if ((train.Rows, train.Columns) != (test.Rows, test.Columns))
            throw new DataException(directory, $"training images are {train.Rows}×{train.Columns} and test images {test.Rows}×{test.Columns}.");
        ClassLabels.FromZero(train.Labels, test.Labels);
        ClassLabels.Count(train.Labels, test.Labels, trainLabels, testLabels);
        return (train, test);
    }

    private static (RawImages Images, string LabelsPath) ReadPart(string directory, string part)
    {
        var imagesPath = Find(directory, part, [Images]);
        var labelsPath = Find(directory, part, [Labels, LongLabels]);
        // Labels first: they are few, and say how many images there are to be before any image is read.
        var labels = IdxFile.ReadLabels(labelsPath);
        var (pixels, _, rows, columns) = IdxFile.ReadImages(imagesPath, (count, _, _) =>
        {
            if (labels.Length != count)
                throw new DataException(labelsPath, $"holds {labels.Length} labels, but {Path.GetFileName(imagesPath)} holds {count} images.");
        });
        return (new(pixels, labels, rows, columns), labelsPath);
    }

    private static string Find(string directory, string part, IReadOnlyList<string> contents)
    {
        string[] names = [.. contents.SelectMany(content => new[] { content, content.Replace("-idx", ".idx", StringComparison.Ordinal) })];
        foreach (var file in names.SelectMany(name => new[] { $"{part}-{name}.gz", $"{part}-{name}" }))
        {
            if (File.Exists(Path.Combine(directory, file)))
                return Path.Combine(directory, file);
        }

        // A prefix says which of several sets it is: with two of them nobody knows which is meant.
        string[] ends = [.. from start in new[] { part, part == "t10k" ? "test" : part }.Distinct() from name in names select $"-{start}-{name}"];
        var found = Directory.EnumerateFiles(directory).Where(path => ends.Any(end => path.EndsWith(end, StringComparison.Ordinal) || path.EndsWith(end + ".gz", StringComparison.Ordinal))).Order(StringComparer.Ordinal).ToArray();
        var expected = $"{part}-{contents[0]}";
        return found.Length switch
        {
            1 => found[0],
            0 => throw new DataException(directory, $"has neither {expected}.gz nor {expected}, nor one file whose name ends so."),
            _ => throw new DataException(directory, $"has {string.Join(" and ", found.Select(Path.GetFileName))}; leave the files of one data set in it."),
        };
    }
}
