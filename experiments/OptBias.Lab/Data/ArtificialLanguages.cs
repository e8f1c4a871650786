using System.Text;

namespace OptBias.Lab.Data;

/// <summary>
/// Four artificial languages, so that text is there on a fresh machine: each has letters, syllables, a lexicon, frequencies of words and a
/// punctuation of its own. Byte for byte the same on every machine.
/// </summary>
/// <remarks>
/// Words are drawn with weights 1 / (rank + offset) (Zipf 1949, Mandelbrot 1953), and each word is followed by one of eight of its own half of the
/// time, so that there is something to learn beyond letters and words. Numbers from here say that things work, not how real languages behave.
/// </remarks>
public static class ArtificialLanguages
{
    private const int Words = 300;
    private const int Followers = 8;

    private static readonly Design[] Designs =
    [
        new("aro", ["p", "t", "k", "m", "n", "l", "r"], ["a", "o", "i"], Closed: 0, Longest: 3, Offset: 2, " ", ". "),
        new("bex", ["b", "d", "g", "x", "s", "st", "z"], ["e", "u"], Closed: 0.7, Longest: 2, Offset: 5, " ", "; "),
        new("ciä", ["c", "h", "f", "v", "j", "y"], ["ä", "ö", "i", "e"], Closed: 0.2, Longest: 4, Offset: 1, " ", " / "),
        new("dul", ["d", "l", "n", "r", "w", "th"], ["u", "a", "ai", "o"], Closed: 0.4, Longest: 3, Offset: 10, "-", "!\n"),
    ];

    /// <summary>Writes training and test texts of each language.</summary>
    /// <param name="train">Bytes to train, about.</param>
    /// <param name="test">Bytes to test, about.</param>
    /// <param name="seed">Seed of the texts; the languages are the same for every seed.</param>
    public static IReadOnlyList<(string Name, byte[] Train, byte[] Test)> Create(int train = 60_000, int test = 15_000, int seed = 20251129) =>
        [.. Designs.Select(d => (d.Name, Write(d, train, new(seed, $"text/{d.Name}/train")), Write(d, test, new(seed, $"text/{d.Name}/test"))))];

    private static byte[] Write(Design design, int length, SeededRandom random)
    {
        var lexicon = Lexicon(design, new(0, $"lexicon/{design.Name}"));
        var followers = new SeededRandom(0, $"followers/{design.Name}");
        var after = lexicon.Select(_ => Enumerable.Range(0, Followers).Select(_ => followers.NextInt(Words)).ToArray()).ToArray();
        var cumulated = new double[Words];
        for (var i = 0; i < Words; i++)
            cumulated[i] = (i == 0 ? 0 : cumulated[i - 1]) + (1 / (i + 1 + design.Offset));
        var text = new StringBuilder();
        for (int bytes = 0, word = 0; bytes < length;)
        {
            var count = 4 + random.NextInt(8);
            for (var i = 0; i < count; i++)
            {
                word = random.NextInt(2) == 0 ? after[word][random.NextInt(Followers)] : Draw(cumulated, random);
                var piece = lexicon[word] + (i == count - 1 ? design.End : design.Space);
                text.Append(piece);
                bytes += Encoding.UTF8.GetByteCount(piece);
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static int Draw(double[] cumulated, SeededRandom random)
    {
        var at = Array.BinarySearch(cumulated, random.NextDouble() * cumulated[^1]);
        return Math.Min(at < 0 ? ~at : at, cumulated.Length - 1);
    }

    private static string[] Lexicon(Design design, SeededRandom random)
    {
        var words = new OrderedDictionary<string, int>(StringComparer.Ordinal);
        while (words.Count < Words)
        {
            var word = new StringBuilder();
            for (var syllables = 1 + random.NextInt(design.Longest); syllables > 0; syllables--)
            {
                word.Append(design.Consonants[random.NextInt(design.Consonants.Count)]).Append(design.Vowels[random.NextInt(design.Vowels.Count)]);
                if (random.NextDouble() < design.Closed)
                    word.Append(design.Consonants[random.NextInt(design.Consonants.Count)]);
            }

            words.TryAdd(word.ToString(), 0);
        }

        return [.. words.Keys];
    }

    /// <summary>What makes a language.</summary>
    private sealed record Design(
        string Name, IReadOnlyList<string> Consonants, IReadOnlyList<string> Vowels, double Closed, int Longest, double Offset, string Space, string End);
}
