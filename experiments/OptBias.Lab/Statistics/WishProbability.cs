namespace OptBias.Lab.Statistics;

/// <summary>How likely an optimizer is to meet the wishes.</summary>
/// <param name="Optimizer">Its name.</param>
/// <param name="Means">Its mean for each wish's metric, with interval, in the order of the wishes.</param>
/// <param name="All">Fraction of resamples in which its means meet all wishes.</param>
/// <param name="Each">The same for each wish alone.</param>
/// <param name="Best">Fraction of resamples in which it meets the largest number of wishes, ties shared.</param>
/// <param name="OnFront">Whether its means are undominated in the wishes' metrics.</param>
/// <param name="FrontProbability">Fraction of resamples in which they are.</param>
public sealed record WishRanking(
    string Optimizer,
    IReadOnlyList<Interval> Means,
    double All,
    IReadOnlyList<double> Each,
    double Best,
    bool OnFront,
    double FrontProbability);

/// <summary>The probability that an optimizer meets wishes, by resampling seeds.</summary>
/// <remarks>
/// The statement is about the mean over seeds: with few seeds the probability says how well that mean is known, not how often a single
/// run would meet the wishes. A seed is drawn for all optimizers at once where all have the same number of seeds.
/// A seed with a value that is not finite (a diverged run) makes every mean that draws it fail the wish.
/// </remarks>
public static class WishProbability
{
    /// <summary>Ranks optimizers, the likeliest first; ties by the single wishes, then by name.</summary>
    /// <param name="values">For each optimizer the values [wish][seed], wishes in the order of <paramref name="wishes"/>.</param>
    /// <param name="wishes">The wishes.</param>
    /// <param name="seed">Seed of the resampling.</param>
    /// <param name="resamples">Number of resamples.</param>
    public static IReadOnlyList<WishRanking> Rank(
        IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<double>>> values,
        IReadOnlyList<Wish> wishes,
        int seed = 0,
        int resamples = BootstrapInterval.DefaultResamples)
    {
        Require(values, wishes);
        var names = values.Keys.Order(StringComparer.Ordinal).ToArray();
        var (o, w) = (names.Length, wishes.Count);
        var higher = wishes.Select(wish => wish.HigherIsBetter).ToArray();
        var (all, best, front) = (new double[o], new double[o], new double[o]);
        var each = new double[o, w];
        var paired = names.Select(name => values[name][0].Count).Distinct().Count() == 1;
        var random = new Random(seed);
        for (var r = 0; r < resamples; r++)
        {
            var draw = Draw(random, values[names[0]][0].Count);
            var means = names.Select(name =>
            {
                var indices = paired ? draw : Draw(random, values[name][0].Count);
                return (IReadOnlyList<double>)[.. values[name].Select(metric => indices.Average(i => double.IsFinite(metric[i]) ? metric[i] : double.NaN))];
            }).ToArray();
            var met = Met(means, wishes);
            var counts = met.Select(row => row.Count(m => m)).ToArray();
            var most = counts.Max();
            var onFront = ParetoFront.Of(means, higher);
            for (var i = 0; i < o; i++)
            {
                all[i] += counts[i] == w ? 1 : 0;
                best[i] += counts[i] == most ? 1.0 / counts.Count(c => c == most) : 0;
                front[i] += onFront[i] ? 1 : 0;
                for (var k = 0; k < w; k++)
                    each[i, k] += met[i][k] ? 1 : 0;
            }
        }

        var seen = names.Select(name => (IReadOnlyList<double>)[.. values[name].Select(metric => metric.Average())]).ToArray();
        var seenFront = ParetoFront.Of(seen, higher);
        return [.. Enumerable.Range(0, o)
            .Select(i => new WishRanking(
                names[i],
                [.. values[names[i]].Select(metric => BootstrapInterval.OfMean([.. metric], seed))],
                all[i] / resamples,
                [.. Enumerable.Range(0, w).Select(k => each[i, k] / resamples)],
                best[i] / resamples,
                seenFront[i],
                front[i] / resamples))
            .OrderByDescending(x => x.All)
            .ThenByDescending(x => x.Each.Sum())
            .ThenBy(x => x.Optimizer, StringComparer.Ordinal)];
    }

    private static int[] Draw(Random random, int n) => [.. Enumerable.Range(0, n).Select(_ => random.Next(n))];

    private static bool[][] Met(IReadOnlyList<double>[] means, IReadOnlyList<Wish> wishes)
    {
        var best = wishes.Select((_, k) => means.Select(m => m[k]).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max()).ToArray();
        return [.. means.Select(m => wishes.Select((wish, k) => wish.IsMet(m[k], best[k])).ToArray())];
    }

    private static void Require(IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<double>>> values, IReadOnlyList<Wish> wishes)
    {
        if (wishes.Count == 0 || values.Count == 0)
            throw new ArgumentException("A ranking needs at least one wish and one optimizer.");
        foreach (var (name, metrics) in values)
        {
            if (metrics.Count != wishes.Count || metrics.Any(metric => metric.Count == 0 || metric.Count != metrics[0].Count))
                throw new ArgumentException($"{name} needs one list of values for each of the {wishes.Count} wishes, all over the same seeds.");
        }
    }
}
