namespace OptBias.Lab.Statistics;

/// <summary>Something of a known name, described by numbers.</summary>
/// <param name="Name">The name that is to be found.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Rate">Its learning rate.</param>
/// <param name="Features">The numbers, the same ones for all.</param>
public sealed record NamedSample(string Name, int Seed, double Rate, IReadOnlyList<double> Features);

/// <summary>How often names were found.</summary>
/// <param name="Names">The names.</param>
/// <param name="Confusion">[true name, name given]: how many samples.</param>
/// <param name="Right">Fraction that was named right, with its interval over seeds.</param>
public sealed record Naming(IReadOnlyList<string> Names, int[,] Confusion, Interval Right)
{
    /// <summary>Samples.</summary>
    public int Count => this.Confusion.Cast<int>().Sum();

    /// <summary>Samples that were named right.</summary>
    public int Hits => Enumerable.Range(0, this.Names.Count).Sum(i => this.Confusion[i, i]);

    /// <summary>What guessing gives: the share of the commonest name, which is one over the number of names where all are as common.</summary>
    public double Chance => Enumerable.Range(0, this.Names.Count).Max(i => Enumerable.Range(0, this.Names.Count).Sum(j => this.Confusion[i, j])) / (double)this.Count;
}

/// <summary>
/// Names a sample by the nearest mean of the others of a name, in units of each number's standard deviation among the others. Nothing is tuned, so
/// that a success is one of the numbers and not of the classifier.
/// </summary>
/// <remarks>Source: Tibshirani et al., PNAS 2002, without shrinkage.</remarks>
public static class NearestCentroid
{
    /// <summary>Names every sample by those that are not left out for it.</summary>
    /// <param name="samples">The samples; one with a number that is not finite is left out.</param>
    /// <param name="isLeftOut">Whether the second must not help to name the first, such as one of the same seed.</param>
    /// <returns>Null for fewer than two names, or where nothing is left to learn from.</returns>
    public static Naming? Of(IReadOnlyList<NamedSample> samples, Func<NamedSample, NamedSample, bool> isLeftOut)
    {
        NamedSample[] whole = [.. samples.Where(s => s.Features.All(double.IsFinite))];
        string[] names = [.. whole.Select(s => s.Name).Distinct()];
        if (names.Length < 2)
            return null;
        var confusion = new int[names.Length, names.Length];
        var hits = new List<(int Seed, bool Right)>();
        foreach (var sample in whole)
        {
            if (Nearest(sample, [.. whole.Where(other => !ReferenceEquals(other, sample) && !isLeftOut(sample, other))]) is not { } given)
                continue;
            confusion[Array.IndexOf(names, sample.Name), Array.IndexOf(names, given)]++;
            hits.Add((sample.Seed, given == sample.Name));
        }

        return hits.Count == 0 ? null
            : new(names, confusion, MetricRange.Unit.Cut(BootstrapInterval.OfMean([.. hits.GroupBy(h => h.Seed).OrderBy(g => g.Key).Select(g => g.Average(h => h.Right ? 1.0 : 0.0))])));
    }

    private static string? Nearest(NamedSample sample, IReadOnlyList<NamedSample> others)
    {
        // With a single name left there is nothing to find out.
        var byName = others.GroupBy(o => o.Name).ToArray();
        if (byName.Length < 2)
            return null;
        var deviations = Enumerable.Range(0, sample.Features.Count).Select(k =>
        {
            var mean = others.Average(o => o.Features[k]);
            return Math.Sqrt(others.Average(o => (o.Features[k] - mean) * (o.Features[k] - mean)));
        }).ToArray();
        return byName.MinBy(group => Enumerable.Range(0, deviations.Length).Sum(k =>
        {
            var distance = deviations[k] == 0 ? 0 : (sample.Features[k] - group.Average(o => o.Features[k])) / deviations[k];
            return distance * distance;
        }))!.Key;
    }
}
