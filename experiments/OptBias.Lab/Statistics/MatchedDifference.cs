namespace OptBias.Lab.Statistics;

/// <summary>The difference of two optimizers at equal x, such as forgetting at equal learning accuracy, with its bootstrap interval over seeds.</summary>
/// <remarks>
/// Each resample draws seeds, averages each optimizer's points per learning rate, and interpolates both frontiers; seed k of the one is
/// drawn with seed k of the other, as they share data order and initialisation.
/// </remarks>
public static class MatchedDifference
{
    private const int Nodes = 21;

    /// <summary>First − second at one x.</summary>
    /// <param name="first">Paths of the first optimizer, [seed][learning rate].</param>
    /// <param name="second">Paths of the second, the same seeds in the same order; its learning rates may differ.</param>
    /// <param name="x">The x at which they are compared.</param>
    /// <param name="seed">Seed of the resampling.</param>
    /// <param name="resamples">Number of resamples.</param>
    /// <returns>Undefined where one of them does not reach x, or reaches it in fewer than half of the resamples.</returns>
    public static Interval At(
        IReadOnlyList<IReadOnlyList<(double X, double Y)>> first,
        IReadOnlyList<IReadOnlyList<(double X, double Y)>> second,
        double x,
        int seed = 0,
        int resamples = BootstrapInterval.DefaultResamples)
    {
        RequirePaired(first, second);
        return BootstrapInterval.Of(
            first.Count,
            seeds => Frontier.At(Frontier.Mean(first, seeds), x) - Frontier.At(Frontier.Mean(second, seeds), x),
            seed,
            resamples: resamples);
    }

    /// <summary>The mean of first − second over a range of x: the area between the frontiers over its width.</summary>
    /// <param name="first">Paths of the first optimizer, [seed][learning rate].</param>
    /// <param name="second">Paths of the second, the same seeds in the same order.</param>
    /// <param name="low">Lower end of the range.</param>
    /// <param name="high">Upper end of the range.</param>
    /// <param name="seed">Seed of the resampling.</param>
    /// <param name="resamples">Number of resamples.</param>
    /// <param name="crossing">Which y counts, where a path reaches an x more than once.</param>
    /// <returns>
    /// A resample's paths may end a little inside the range: it then counts over what both reach, if that is at least half of the range.
    /// Undefined where the observations or more than half of the resamples reach less.
    /// </returns>
    public static Interval Over(
        IReadOnlyList<IReadOnlyList<(double X, double Y)>> first,
        IReadOnlyList<IReadOnlyList<(double X, double Y)>> second,
        double low,
        double high,
        int seed = 0,
        int resamples = BootstrapInterval.DefaultResamples,
        Crossing crossing = Crossing.Least) => Over(new ResampledFrontier(first), new ResampledFrontier(second), low, high, seed, resamples, crossing);

    /// <summary>The same of optimizers that are compared with several others: their resamples are averaged once.</summary>
    internal static Interval Over(
        ResampledFrontier first,
        ResampledFrontier second,
        double low,
        double high,
        int seed = 0,
        int resamples = BootstrapInterval.DefaultResamples,
        Crossing crossing = Crossing.Least)
    {
        RequirePaired(first.Paths, second.Paths);
        var n = first.Paths.Count;
        if (n == 0)
            return Interval.Undefined;
        int[] all = [.. Enumerable.Range(0, n)];
        return BootstrapInterval.Of(n, MeanOver(first.Mean(all), second.Mean(all), low, high, crossing), Resampled);

        double[] Resampled()
        {
            var (a, b) = (first.Means(seed, resamples), second.Means(seed, resamples));
            return [.. Enumerable.Range(0, resamples).Select(r => MeanOver(
                a.AsSpan(r * first.Points, first.Points), b.AsSpan(r * second.Points, second.Points), low, high, crossing))];
        }
    }

    /// <summary>How much such a mean difference changes from one setting to another, with its interval: one draw of the seeds serves both.</summary>
    /// <param name="from">Both optimizers' paths at the first setting, and the range that both reach there.</param>
    /// <param name="to">The same at the second, of the same seeds in the same order.</param>
    /// <param name="seed">Seed of the resampling.</param>
    /// <param name="resamples">Number of resamples.</param>
    public static Interval Change(
        (IReadOnlyList<IReadOnlyList<(double X, double Y)>> First, IReadOnlyList<IReadOnlyList<(double X, double Y)>> Second, (double Low, double High) Range) from,
        (IReadOnlyList<IReadOnlyList<(double X, double Y)>> First, IReadOnlyList<IReadOnlyList<(double X, double Y)>> Second, (double Low, double High) Range) to,
        int seed = 0,
        int resamples = BootstrapInterval.DefaultResamples)
    {
        RequirePaired(from.First, from.Second);
        RequirePaired(to.First, to.Second);
        RequirePaired(from.First, to.First);
        var (a, b, c, d) = (new ResampledFrontier(from.First), new ResampledFrontier(from.Second), new ResampledFrontier(to.First), new ResampledFrontier(to.Second));
        return BootstrapInterval.Of(
            from.First.Count,
            seeds => MeanOver(c.Mean(seeds), d.Mean(seeds), to.Range.Low, to.Range.High, Crossing.Least) - MeanOver(a.Mean(seeds), b.Mean(seeds), from.Range.Low, from.Range.High, Crossing.Least),
            seed,
            resamples: resamples);
    }

    /// <summary>The same for each seed's own paths, for tests on pairs; NaN for a seed whose paths reach less than half of the range.</summary>
    /// <param name="first">Paths of the first optimizer, [seed][learning rate].</param>
    /// <param name="second">Paths of the second, the same seeds in the same order.</param>
    /// <param name="low">Lower end of the range.</param>
    /// <param name="high">Upper end of the range.</param>
    /// <param name="crossing">Which y counts, where a path reaches an x more than once.</param>
    public static double[] PerSeed(
        IReadOnlyList<IReadOnlyList<(double X, double Y)>> first,
        IReadOnlyList<IReadOnlyList<(double X, double Y)>> second,
        double low,
        double high,
        Crossing crossing = Crossing.Least)
    {
        RequirePaired(first, second);
        return [.. first.Zip(second, (a, b) => MeanOver([.. a], [.. b], low, high, crossing))];
    }

    /// <summary>The range of x that both mean frontiers reach; NaN ends where there is none.</summary>
    public static (double Low, double High) CommonReach(params IEnumerable<IReadOnlyList<IReadOnlyList<(double X, double Y)>>> optimizers)
    {
        var reaches = optimizers.Select(paths => Frontier.Reach(Frontier.Mean(paths, [.. Enumerable.Range(0, paths.Count)]))).ToArray();
        var (low, high) = (reaches.Max(r => r.Low), reaches.Min(r => r.High));
        return reaches.Any(r => double.IsNaN(r.Low)) || low > high ? (double.NaN, double.NaN) : (low, high);
    }

    private static double MeanOver(ReadOnlySpan<(double X, double Y)> a, ReadOnlySpan<(double X, double Y)> b, double low, double high, Crossing crossing)
    {
        var (sum, weights) = (0.0, 0.0);
        for (var i = 0; i < Nodes; i++)
        {
            var x = low + ((high - low) * i / (Nodes - 1));
            var difference = Frontier.At(a, x, crossing) - Frontier.At(b, x, crossing);
            if (!double.IsFinite(difference))
                continue;
            var weight = i is 0 or Nodes - 1 ? 0.5 : 1;
            (sum, weights) = (sum + (weight * difference), weights + weight);
        }

        return weights >= (Nodes - 1) / 2.0 ? sum / weights : double.NaN;
    }

    private static void RequirePaired(IReadOnlyList<IReadOnlyList<(double X, double Y)>> first, IReadOnlyList<IReadOnlyList<(double X, double Y)>> second)
    {
        if (first.Count != second.Count)
            throw new ArgumentException($"The optimizers are compared on the same seeds, but one has {first.Count} and the other {second.Count}.");
    }
}
