using System.Security.Cryptography;
using System.Text.Unicode;
using static TorchSharp.torch;

namespace OptBias.Lab.Data;

/// <summary>A language or a domain as bytes.</summary>
/// <param name="Name">Its name: "de".</param>
/// <param name="Train">What is trained on.</param>
/// <param name="Validation">The end of the training text, which tunes and is never trained on.</param>
/// <param name="Test">What only results are measured on.</param>
public sealed record Language(string Name, byte[] Train, byte[] Validation, byte[] Test);

/// <summary>Languages, in the order in which they are learnt. Plain memory: the windows that a network reads are made where it lives.</summary>
public sealed class TextData : IStudyData
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const long LargestFile = 64L << 20;

    /// <summary>The shortest training text; a sixth of it tunes. A test text may be a fifth as long.</summary>
    public const int ShortestTrain = 20_000;

    private const string TrainSuffix = "-train.txt";
    private const string TestSuffix = "-test.txt";

    private TextData(string name, IReadOnlyList<Language> languages, Device device) =>
        (this.Name, this.Languages, this.Device) = (name, languages, device);

    /// <summary>What it is: "artificial languages" or the name of the directory.</summary>
    public string Name { get; }

    /// <summary>The languages in the ordinal order of their names.</summary>
    public IReadOnlyList<Language> Languages { get; }

    /// <inheritdoc />
    public Device Device { get; }

    /// <inheritdoc />
    public ImageFormat? Images => null;

    /// <inheritdoc />
    public string Description => PrintableText.Of(
        $"{this.Name}, {string.Join(", ", this.Languages.Select(l => $"{l.Name} {l.Train.Length}/{l.Validation.Length}/{l.Test.Length}"))} bytes train/validation/test, {this.Fingerprint}");

    /// <summary>"sha256:" and the first 16 digits of the hash of every name and byte.</summary>
    public string Fingerprint
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var language in this.Languages)
            {
                foreach (var part in new[] { System.Text.Encoding.UTF8.GetBytes(language.Name), language.Train, language.Validation, language.Test })
                {
                    hash.AppendData(BitConverter.GetBytes(part.Length));
                    hash.AppendData(part);
                }
            }

            return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
        }
    }

    /// <summary>The languages of a directory, or the artificial ones.</summary>
    /// <param name="directory">Directory with <c>NAME-train.txt</c> and <c>NAME-test.txt</c> for each language, UTF-8; null or empty means the artificial languages.</param>
    /// <exception cref="DataException">The directory or a file in it is missing or wrong.</exception>
    public static TextData Load(string? directory) => string.IsNullOrEmpty(directory)
        ? Of("artificial languages", ArtificialLanguages.Create())
        : Of(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory))), Read(directory));

    /// <summary>Languages from their training and test texts.</summary>
    /// <param name="name">What the data are.</param>
    /// <param name="texts">Name, training text and test text of each.</param>
    /// <exception cref="DataException">There are fewer than two languages, or a text is too short.</exception>
    public static TextData Of(string name, IEnumerable<(string Name, byte[] Train, byte[] Test)> texts)
    {
        Language[] languages =
        [
            .. texts.OrderBy(t => t.Name, StringComparer.Ordinal).Select(t =>
            {
                if (t.Train.Length < ShortestTrain || t.Test.Length < ShortestTrain / 5)
                    throw new DataException(name, $"the language {t.Name} has {t.Train.Length} bytes to train and {t.Test.Length} to test; at least {ShortestTrain} and {ShortestTrain / 5} are needed.");
                var kept = t.Train.Length * 5 / 6;
                return new Language(t.Name, t.Train[..kept], t.Train[kept..], t.Test);
            }),
        ];
        return languages.Length > 1 ? new(name, languages, CPU)
            : throw new DataException(name, $"has {languages.Length} languages; tasks are languages one after another, so there are two at least.");
    }

    /// <inheritdoc />
    public IStudyData To(Device device) => new TextData(this.Name, this.Languages, device);

    /// <inheritdoc />
    public void Dispose()
    {
        // Nothing but memory of the process.
    }

    private static IEnumerable<(string, byte[], byte[])> Read(string directory)
    {
        if (!Directory.Exists(directory))
            throw new DataException(directory, File.Exists(directory) ? "is a file; give the directory that holds NAME-train.txt and NAME-test.txt." : "there is no such directory.");
        string[] names = [.. Directory.EnumerateFiles(directory, "*" + TrainSuffix).Select(f => Path.GetFileName(f)[..^TrainSuffix.Length])];
        if (names.Length == 0)
            throw new DataException(directory, $"has no NAME{TrainSuffix}; a study of text takes NAME{TrainSuffix} and NAME{TestSuffix} for each language.");
        return [.. names.Select(name => (name, ReadFile(Path.Combine(directory, name + TrainSuffix)), ReadFile(Path.Combine(directory, name + TestSuffix))))];
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > LargestFile)
                throw new DataException(path, $"has {stream.Length} bytes, more than the {LargestFile} that are read.");
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return Utf8.IsValid(content) ? content : throw new DataException(path, "is no UTF-8 text.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"cannot be read: {e.Message}", e);
        }
    }
}
