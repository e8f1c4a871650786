namespace OptBias.Lab.Data;

/// <summary>
/// The four files of a digit data set under the MNIST names, each with or without <c>.gz</c>: <c>train-images-idx3-ubyte</c>, with a dot before
/// <c>idx</c> as some archives have it, and with a prefix as EMNIST has it (<c>emnist-digits-train-images-idx3-ubyte</c>, test files with
/// <c>test</c>).
/// </summary>
public static class IdxDirectory
{
    /// <summary>Reads the training and the test digits.</summary>
    /// <param name="directory">Where the files lie.</param>
    /// <exception cref="DataException">A file is missing or wrong, or images and labels disagree.</exception>
    public static (RawDigits Train, RawDigits Test) Read(string directory)
    {
        if (!Directory.Exists(directory))
            throw new DataException(directory, File.Exists(directory) ? "is a file; give the directory that holds the IDX files." : "there is no such directory.");
        var train = ReadPart(directory, "train");
        var test = ReadPart(directory, "t10k");
        return (train.Rows, train.Columns) == (test.Rows, test.Columns)
            ? (train, test)
            : throw new DataException(directory, $"training images are {train.Rows}×{train.Columns} and test images {test.Rows}×{test.Columns}.");
    }

    private static RawDigits ReadPart(string directory, string part)
    {
        var imagesPath = Find(directory, part, "images-idx3-ubyte");
        var labelsPath = Find(directory, part, "labels-idx1-ubyte");
        // Labels first: they are few, and say how many images there are to be before any image is read.
        var labels = IdxFile.ReadLabels(labelsPath);
        var (pixels, _, rows, columns) = IdxFile.ReadImages(imagesPath, (count, rows, columns) =>
        {
            if (rows != 28 || columns != 28)
                throw new DataException(imagesPath, $"holds images of {rows}×{columns} pixels; the models take 28×28.");
            if (labels.Length != count)
                throw new DataException(labelsPath, $"holds {labels.Length} labels, but {Path.GetFileName(imagesPath)} holds {count} images.");
        });
        int[] found = [.. Enumerable.Range(0, 10).Select(digit => labels.Count(l => l == digit))];
        if (Array.IndexOf(found, 0) is >= 0 and var missing)
            throw new DataException(labelsPath, $"has no example of the digit {missing}; the studies need all ten.");
        if (part == "train" && Array.FindIndex(found, count => count < DigitData.FewestOfAClass) is >= 0 and var few)
            throw new DataException(labelsPath, $"has {found[few]} of the digit {few}; of each digit at least {DigitData.FewestOfAClass} are needed, so that tuning has its own examples.");
        return new(pixels, labels, rows, columns);
    }

    private static string Find(string directory, string part, string rest)
    {
        var name = $"{part}-{rest}";
        string[] usual = [name, name.Replace("-idx", ".idx", StringComparison.Ordinal)];
        foreach (var file in usual.SelectMany(known => new[] { known + ".gz", known }))
        {
            if (File.Exists(Path.Combine(directory, file)))
                return Path.Combine(directory, file);
        }

        // A prefix says which of several sets it is: with two of them nobody knows which is meant.
        var ends = new[] { part, part == "t10k" ? "test" : part }.SelectMany(start => new[] { $"-{start}-{rest}", $"-{start}-{rest.Replace("-idx", ".idx", StringComparison.Ordinal)}" }).ToArray();
        var found = Directory.EnumerateFiles(directory).Where(path => ends.Any(end => path.EndsWith(end, StringComparison.Ordinal) || path.EndsWith(end + ".gz", StringComparison.Ordinal))).Order(StringComparer.Ordinal).ToArray();
        return found.Length switch
        {
            1 => found[0],
            0 => throw new DataException(directory, $"has neither {name}.gz nor {name}, nor one file whose name ends so."),
            _ => throw new DataException(directory, $"has {string.Join(" and ", found.Select(Path.GetFileName))}; leave the files of one data set in it."),
        };
    }
}
