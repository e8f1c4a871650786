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
        int[] name = [.. whole.Select(s => Array.IndexOf(names, s.Name))];
        double[][] features = [.. whole.Select(s => s.Features.ToArray())];
        var hits = new List<(int Seed, bool Right)>();
        for (var i = 0; i < whole.Length; i++)
        {
            int[] others = [.. Enumerable.Range(0, whole.Length).Where(k => k != i && !isLeftOut(whole[i], whole[k]))];
            if (Nearest(features[i], others, name, features, names.Length) is not { } given)
                continue;
            confusion[name[i], given]++;
            hits.Add((whole[i].Seed, given == name[i]));
        }

        return hits.Count == 0 ? null
            : new(names, confusion, MetricRange.Unit.Cut(BootstrapInterval.OfMean([.. hits.GroupBy(h => h.Seed).OrderBy(g => g.Key).Select(g => g.Average(h => h.Right ? 1.0 : 0.0))])));
    }

    private static int? Nearest(double[] sample, int[] others, int[] name, double[][] features, int names)
    {
        var (mean, deviation) = (new double[sample.Length], new double[sample.Length]);
        var centroids = new double[names][];
        var counts = new int[names];
        foreach (var other in others)
        {
            Add(mean, features[other]);
            Add(centroids[name[other]] ??= new double[sample.Length], features[other]);
            counts[name[other]]++;
        }

        // With a single name left there is nothing to find out.
        if (counts.Count(c => c > 0) < 2)
            return null;
        for (var k = 0; k < sample.Length; k++)
            mean[k] /= others.Length;
        foreach (var other in others)
        {
            for (var k = 0; k < sample.Length; k++)
                deviation[k] += (features[other][k] - mean[k]) * (features[other][k] - mean[k]);
        }

        // Of two as near the one that is met first.
        return others.Select(other => name[other]).Distinct().MinBy(n => Enumerable.Range(0, sample.Length).Sum(k =>
        {
            var scale = Math.Sqrt(deviation[k] / others.Length);
            var distance = scale == 0 ? 0 : (sample[k] - (centroids[n][k] / counts[n])) / scale;
            return distance * distance;
        }));
    }

    private static void Add(double[] sum, double[] features)
    {
        for (var k = 0; k < sum.Length; k++)
            sum[k] += features[k];
    }
}
