namespace OptBias.Lab.Statistics;

/// <summary>Which share of a metric's variance over runs each factor of an experiment has by itself.</summary>
/// <remarks>
/// <para>
/// The share of a factor is Var(E[y | factor]) / Var(y), its first-order Sobol index (Sobol 1993; in an analysis of variance: η²). A factor that
/// is nested, such as the learning rate, whose values are other ones for each optimizer and network, has what it adds to all others together:
/// Var(E[y | all]) − Var(E[y | all but the rate]). What is left over is interactions and noise.
/// </para>
/// <para>
/// Every cell (a combination of levels of all factors but the seed) weighs the same, however many runs it has: a method with more learning rates
/// does not count for more than its rates do. The mean of a level that has few runs varies by chance alone, which would be taken for a share;
/// so what seeds alone would give, the mean squared standard error of the level's mean, is taken off, and a share below zero is zero.
/// </para>
/// </remarks>
public static class VarianceShares
{
    /// <summary>The share of each factor.</summary>
    /// <param name="runs">Levels of the factors in the order of <paramref name="factors"/>, the seed, and the metric. NaN metrics are left out.</param>
    /// <param name="factors">The factors.</param>
    /// <param name="resamples">Number of resamples of the seeds for the intervals.</param>
    /// <returns>A share for each factor, then that of the rest; undefined where the metric does not vary or there are fewer than two seeds.</returns>
    /// <exception cref="ArgumentException">A run has another number of levels than there are factors.</exception>
    public static IReadOnlyList<Interval> Of(IReadOnlyList<(IReadOnlyList<string> Levels, int Seed, double Value)> runs, IReadOnlyList<VarianceFactor> factors, int resamples = 1000)
    {
        if (runs.FirstOrDefault(r => r.Levels.Count != factors.Count) is { Levels: { } levels })
            throw new ArgumentException($"A run has {levels.Count} levels, and there are {factors.Count} factors.");
        var finite = runs.Where(r => double.IsFinite(r.Value)).ToArray();
        int[] seeds = [.. finite.Select(r => r.Seed).Distinct().Order()];
        var none = Enumerable.Repeat(Interval.Undefined, factors.Count + 1).ToArray();
        if (seeds.Length < 2)
            return none;
        var cells = finite.GroupBy(r => string.Join('\u001f', r.Levels)).Select(cell =>
        {
            var bySeed = cell.ToDictionary(r => r.Seed, r => r.Value);
            return (cell.First().Levels, Values: seeds.Select(seed => bySeed.GetValueOrDefault(seed, double.NaN)).ToArray());
        }).ToArray();

        // What an interval needs of a resample is only the indices of its seeds, so all shares of one are computed together and read apart.
        var known = new Dictionary<string, double[]>(StringComparer.Ordinal);
        double[] Shares(int[] drawn)
        {
            var key = string.Join(',', drawn);
            return known.TryGetValue(key, out var shares) ? shares : known[key] = Compute(cells, drawn, factors);
        }

        return [.. Enumerable.Range(0, factors.Count + 1).Select(i => MetricRange.Unit.Cut(BootstrapInterval.Of(seeds.Length, drawn => Shares(drawn)[i], resamples: resamples)))];
    }

    private static double[] Compute((IReadOnlyList<string> Levels, double[] Values)[] cells, int[] drawn, IReadOnlyList<VarianceFactor> factors)
    {
        var shown = cells.Select(cell =>
        {
            double[] values = [.. drawn.Select(i => cell.Values[i]).Where(double.IsFinite)];
            var mean = values.Length == 0 ? double.NaN : values.Average();
            return (cell.Levels, Count: values.Length, Mean: mean, Variance: values.Length < 2 ? 0 : values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
        }).Where(cell => cell.Count > 0).ToArray();
        var centre = shown.Average(cell => cell.Mean);
        var within = shown.Average(cell => cell.Variance);
        var between = shown.Average(cell => Square(cell.Mean - centre));
        var noise = shown.Average(cell => cell.Variance / cell.Count);
        var total = Math.Max(between - noise, 0) + within;
        if (!(total > 0))
            return [.. Enumerable.Repeat(double.NaN, factors.Count + 1)];

        double Between(IReadOnlyList<int> of)
        {
            var groups = shown.GroupBy(cell => string.Join('\u001f', of.Select(i => cell.Levels[i]))).ToArray();
            return groups.Sum(group => (double)group.Count() / shown.Length
                * (Square(group.Average(cell => cell.Mean) - centre) - (group.Average(cell => cell.Variance / cell.Count) / group.Count())));
        }

        var shares = new double[factors.Count + 1];
        for (var i = 0; i < factors.Count; i++)
        {
            int[] others = [.. Enumerable.Range(0, factors.Count).Where(k => k != i)];
            var own = factors[i].IsNested ? Between([.. others, i]) - Between(others) : Between([i]);
            shares[i] = Math.Clamp(own / total, 0, 1);
        }

        shares[^1] = Math.Clamp(1 - shares[..^1].Sum(), 0, 1);
        return shares;
    }

    private static double Square(double x) => x * x;
}

/// <summary>A factor of an experiment.</summary>
/// <param name="Name">Its name: "optimizer".</param>
/// <param name="IsNested">Whether its levels are other ones for each level of the others, as learning rates are for each optimizer.</param>
public sealed record VarianceFactor(string Name, bool IsNested = false);
