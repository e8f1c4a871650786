namespace OptBias.Lab.Statistics;

/// <summary>
/// Resamples of n observations with replacement, as the indices of each. They follow from n and the seed alone, so a report draws them once
/// and takes every mean and difference of as many seeds over the same ones.
/// </summary>
/// <remarks>Two statistics of the same resamples are correlated as they are over the seeds themselves; each interval by itself is the same as ever.</remarks>
internal sealed class Resamples
{
    /// <summary>Resamples of more indices than these are drawn anew for each statistic: 16 MB are kept of one size.</summary>
    private const int MostKept = 4_000_000;

    /// <summary>So many are kept: of all seeds for means and for differences, and of the seeds left where runs diverged.</summary>
    private const int MostSizes = 4;

    private static readonly RecentlyUsed<(int N, int Seed, int Count), Resamples> Kept = new(MostSizes);

    private readonly int n;
    private readonly int[] indices;

    private Resamples(int n, int seed, int count)
    {
        (this.n, this.indices) = (n, new int[n * count]);
        Fill(this.indices, n, new(seed));
    }

    /// <summary>Hands the number and the indices of each of the first resamples to a function, in their order, also where they are too many to be kept.</summary>
    /// <param name="n">Number of observations, at least 1.</param>
    /// <param name="seed">Seed of the drawing.</param>
    /// <param name="count">How many.</param>
    /// <param name="use">Gets an array that is another resample's after it returns.</param>
    public static void Each(int n, int seed, int count, Action<int, int[]> use)
    {
        var (kept, random, row) = (Find(n, seed, count), new Random(seed), new int[n]);
        for (var r = 0; r < count; r++)
        {
            if (kept is not null)
                kept.Row(r).CopyTo(row);
            else
                Fill(row, n, random);
            use(r, row);
        }
    }

    /// <summary>The mean of each of the first resamples of some values.</summary>
    /// <param name="values">The values.</param>
    /// <param name="seed">Seed of the drawing.</param>
    /// <param name="count">How many resamples.</param>
    public static double[] Means(double[] values, int seed, int count)
    {
        if (Find(values.Length, seed, count) is { } kept)
            return kept.Means(values, count);
        var means = new double[count];
        Each(values.Length, seed, count, (r, indices) => means[r] = Mean(values, indices));
        return means;
    }

    /// <summary>Null where they are too many to be kept.</summary>
    private static Resamples? Find(int n, int seed, int count) =>
        (long)n * count > MostKept ? null : Kept.Of((n, seed, count), static key => new(key.N, key.Seed, key.Count));

    private ReadOnlySpan<int> Row(int resample) => this.indices.AsSpan(resample * this.n, this.n);

    private double[] Means(double[] values, int count)
    {
        var means = new double[count];
        var r = 0;
        // Four sums beside each other: one alone waits for each addition. The order within each is that of its indices.
        for (; r + 4 <= count; r += 4)
        {
            ReadOnlySpan<int> a = this.Row(r), b = this.Row(r + 1), c = this.Row(r + 2), d = this.Row(r + 3);
            var (sumA, sumB, sumC, sumD) = (0.0, 0.0, 0.0, 0.0);
            for (var i = 0; i < a.Length; i++)
            {
                sumA += values[a[i]];
                sumB += values[b[i]];
                sumC += values[c[i]];
                sumD += values[d[i]];
            }

            (means[r], means[r + 1], means[r + 2], means[r + 3]) = (sumA / this.n, sumB / this.n, sumC / this.n, sumD / this.n);
        }

        for (; r < count; r++)
            means[r] = Mean(values, this.Row(r));
        return means;
    }

    private static double Mean(double[] values, ReadOnlySpan<int> indices)
    {
        var sum = 0.0;
        foreach (var i in indices)
            sum += values[i];
        return sum / indices.Length;
    }

    private static void Fill(int[] indices, int n, Random random)
    {
        for (var i = 0; i < indices.Length; i++)
            indices[i] = random.Next(n);
    }
}
