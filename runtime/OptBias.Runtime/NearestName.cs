namespace OptBias;

/// <summary>Finds the known name that a misspelt one most likely means.</summary>
#if OPTBIAS_GENERATOR
internal
#else
public
#endif
static class NearestName
{
    /// <summary>"Did you mean 'AdamW'? ", or nothing where no known name is near.</summary>
    public static string Suggest(string name, IEnumerable<string> known) =>
        Find(name, known) is { } nearest ? $"Did you mean '{nearest}'? " : "";

    /// <summary>The known name with the smallest edit distance, ignoring case, if that is at most half of its length.</summary>
    public static string? Find(string name, IEnumerable<string> known) => known
        .Select(candidate => (candidate, distance: Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
        .Where(x => x.distance <= Math.Max(1, x.candidate.Length / 2))
        .OrderBy(x => x.distance)
        .ThenBy(x => x.candidate, StringComparer.Ordinal)
        .Select(x => x.candidate)
        .FirstOrDefault();

    /// <summary>Insertions, deletions, replacements and swaps of neighbours: the optimal string alignment, by Wagner and Fischer's rows.</summary>
    private static int Distance(string a, string b)
    {
        var beforeLast = new int[b.Length + 1];
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        var current = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                current[j] = Math.Min(Math.Min(previous[j] + 1, current[j - 1] + 1), previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    current[j] = Math.Min(current[j], beforeLast[j - 2] + 1);
            }

            (beforeLast, previous, current) = (previous, current, beforeLast);
        }

        return previous[b.Length];
    }
}
