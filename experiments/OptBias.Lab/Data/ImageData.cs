using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace OptBias.Lab.Data;

/// <summary>The data of a study: what is trained on, what tunes, what the results are measured on.</summary>
public sealed class ImageData : IStudyData
{
    /// <summary>Training images of each class that there must be: five are trained on, the sixth tunes.</summary>
    public const int FewestOfAClass = 6;

    private readonly ConcurrentDictionary<string, Lazy<ExampleSet>> derived = new(StringComparer.Ordinal);

    private ImageData(string name, string fingerprint, ImageFormat format, ExampleSet train, ExampleSet validation, ExampleSet test) =>
        (this.Name, this.Fingerprint, this.Format, this.Train, this.Validation, this.Test) = (name, fingerprint, format, train, validation, test);

    /// <summary>What it is: "embedded digits" or the name of the directory.</summary>
    public string Name { get; }

    /// <summary>"sha256:" and the first 16 digits of the hash of every byte that was read or drawn.</summary>
    public string Fingerprint { get; }

    /// <summary>Size, colour and number of classes of the images.</summary>
    public ImageFormat Format { get; }

    /// <summary>Training images, in an order of no meaning.</summary>
    public ExampleSet Train { get; }

    /// <summary>The part of the training images that is kept for tuning and never trained on.</summary>
    public ExampleSet Validation { get; }

    /// <summary>Images that only results are measured on.</summary>
    public ExampleSet Test { get; }

    /// <summary>Where they are.</summary>
    public TorchSharp.torch.Device Device => this.Train.Device;

    /// <summary>Name, sizes and hash in a line.</summary>
    public string Description => $"{this.Name}{(this.Format == ImageFormat.Digits ? "" : $" ({this.Format})")}, {this.Train.Count}/{this.Validation.Count}/{this.Test.Count} train/validation/test, {this.Fingerprint}";

    /// <summary>The images of a directory, or the embedded digits.</summary>
    /// <param name="directory">Directory with the files of a data set (<see cref="ImageDirectory"/>); null or empty means the embedded digits.</param>
    /// <exception cref="DataException">The directory or a file in it is missing or wrong.</exception>
    public static ImageData Load(string? directory)
    {
        if (string.IsNullOrEmpty(directory))
        {
            var (drawnTrain, drawnTest) = EmbeddedDigits.Create();
            return Of("embedded digits", drawnTrain, drawnTest);
        }

        var (train, test) = ImageDirectory.Read(directory);
        return Of(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory))), train, test);
    }

    /// <summary>The same data on a device; networks that are trained on them live there too. The caller owns the result.</summary>
    public ImageData To(TorchSharp.torch.Device device) =>
        new(this.Name, this.Fingerprint, this.Format, this.Train.To(device), this.Validation.To(device), this.Test.To(device));

    /// <inheritdoc />
    ImageFormat? IStudyData.Images => this.Format;

    /// <inheritdoc />
    IStudyData IStudyData.To(TorchSharp.torch.Device device) => this.To(device);

    /// <summary>Splits every class of the training images five to one into training and validation, in an order that depends on the data alone.</summary>
    /// <param name="name">What the data are.</param>
    /// <param name="train">Training images, of which a sixth goes to validation.</param>
    /// <param name="test">Test images; they too get an order that depends on their number alone.</param>
    /// <exception cref="DataException">There are too few images of a class to split.</exception>
    public static ImageData Of(string name, RawImages train, RawImages test)
    {
        var classes = ClassLabels.Count(train.Labels, test.Labels, name, name);
        var (kept, held) = (new List<long>(), new List<long>());
        var seen = new int[classes];
        foreach (var i in new SeededRandom(0, "split").Permutation(train.Count))
            (seen[train.Labels[i]]++ % FewestOfAClass == FewestOfAClass - 1 ? held : kept).Add(i);
        // Where only some of the test images are measured they are the first: in a file that is ordered by class those would be of one class.
        var all = new SeededRandom(0, "order of test digits").Permutation(test.Count);
        return new(PrintableText.Of(name), Hash(train, test), new(train.Channels, train.Rows, train.Columns, classes), ExampleSet.Of(train, kept.ToArray()), ExampleSet.Of(train, held.ToArray()), ExampleSet.Of(test, all));
    }

    /// <summary>
    /// Examples made from these images that many runs share, such as rotated ones: made once, whoever asks first.
    /// They belong to this object.
    /// </summary>
    /// <param name="key">What they are.</param>
    /// <param name="make">Makes them.</param>
    public ExampleSet Derived(string key, Func<ExampleSet> make) => this.derived.GetOrAdd(key, _ => new(make)).Value;

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var set in this.derived.Values)
            set.Value.Dispose();
        this.derived.Clear();
        this.Train.Dispose();
        this.Validation.Dispose();
        this.Test.Dispose();
    }

    private static string Hash(params ReadOnlySpan<RawImages> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            hash.AppendData(BitConverter.GetBytes(part.Count));
            hash.AppendData(part.Images);
            hash.AppendData(part.Labels);
        }

        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
