namespace OptBias.Lab.Data;

/// <summary>A directory with the files of one image data set: IDX files under the names of MNIST and its kin, or the binary batches of CIFAR-10 or CIFAR-100.</summary>
public static class ImageDirectory
{
    /// <summary>Reads the training and the test images.</summary>
    /// <param name="directory">Where the files lie.</param>
    /// <exception cref="DataException">A file is missing or wrong, or images and labels disagree.</exception>
    public static (RawImages Train, RawImages Test) Read(string directory)
    {
        if (!Directory.Exists(directory))
            throw new DataException(directory, File.Exists(directory) ? "is a file; give the directory that holds the IDX files or CIFAR's binary batches." : "there is no such directory.");
        return CifarDirectory.IsIn(directory) ? CifarDirectory.Read(directory) : IdxDirectory.Read(directory);
    }
}
