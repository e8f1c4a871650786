using MathNet.Numerics;
using MathNet.Numerics.Distributions;
using OptBias.Lab.Statistics;

namespace OptBias.Lab.Tests.Statistics;

/// <summary>
/// Random draws and tables are made once and shared by all statistics of a report. Each statistic is, to the last bit, what it is when it draws for
/// itself: the oracles here are the definitions, written down plainly.
/// </summary>
public sealed class SharedDrawsTests
{
    [Theory]
    [InlineData(9, 10_000)]
    [InlineData(50, 10_000)]
    [InlineData(203, 2_000_000 / 203)]
    [InlineData(1000, 2000)]
    [InlineData(2100, 2000)] // Too many to be kept.
    public void The_interval_of_a_mean_is_that_of_its_own_resamples(int n, int resamples)
    {
        foreach (var seed in new[] { 0, 7 })
        {
            var values = Values(n, seed);
            var means = Draw(n, seed, resamples, indices => Sum(indices.Select(i => values[i])) / n);
            Array.Sort(means);
            var (low, high) = BootstrapInterval.Levels(n, 0.95);
            var interval = BootstrapInterval.OfMean(values, seed);
            Assert.Equal(means[(int)Math.Ceiling((low * resamples) - 1e-12) - 1], interval.Low);
            Assert.Equal(means[(int)Math.Ceiling((high * resamples) - 1e-12) - 1], interval.High);
        }
    }

    [Theory]
    [InlineData(Crossing.Least, 12)]
    [InlineData(Crossing.First, 12)]
    [InlineData(Crossing.Least, 300)]
    public void The_interval_of_a_difference_at_equal_learning_is_that_of_its_own_resamples(Crossing crossing, int seeds)
    {
        var (first, second, third) = (Paths(seeds, 1, 5), Paths(seeds, 2, 7), Paths(seeds, 3, 5));
        var shared = new ResampledFrontier(first);
        foreach (var other in new[] { second, third })
        {
            var expected = BootstrapInterval.Of(seeds, drawn => Over(Frontier.Mean(first, drawn), Frontier.Mean(other, drawn)), seed: 4, resamples: 500);
            Assert.True(expected.HasEnds);
            Assert.Equal(expected, MatchedDifference.Over(shared, new(other), 0.3, 0.7, 4, 500, crossing));
            Assert.Equal(expected, MatchedDifference.Over(first, other, 0.3, 0.7, 4, 500, crossing));
        }

        double Over(IReadOnlyList<(double X, double Y)> a, IReadOnlyList<(double X, double Y)> b) =>
            MatchedDifference.PerSeed([a], [b], 0.3, 0.7, crossing)[0];
    }

    [Theory]
    [InlineData(17, 100_000)]
    [InlineData(33, 100_000)]
    [InlineData(100, 100_000)]
    [InlineData(101, 100_000)]
    [InlineData(929, 20_000_000 / 929)]
    public void The_p_of_a_permutation_test_is_that_of_its_own_signs(int n, int samples)
    {
        foreach (var shift in new[] { 0.1, 0.02 })
        {
            double[] differences = [.. Values(n, 5).Select(v => v - 0.5 + shift)];
            var seen = Math.Abs(differences.Sum()) - (1e-12 * differences.Sum(Math.Abs));
            var random = new Random(3);
            var hits = 0;
            for (var sample = 0; sample < samples; sample++)
            {
                var (sum, word) = (0.0, 0L);
                for (var i = 0; i < n; i++)
                {
                    if (n > 100 && i % 32 == 0)
                        word = random.NextInt64(1L << 32);
                    var isMinus = n <= 100 ? random.Next(2) == 1 : ((word >> (i % 32)) & 1) == 1;
                    sum += isMinus ? -differences[i] : differences[i];
                }

                hits += Math.Abs(sum) >= seen ? 1 : 0;
            }

            Assert.Equal((1.0 + hits) / (1.0 + samples), PairedPermutationTest.Of(differences, new double[n], seed: 3).PValue);
        }
    }

    [Theory]
    [InlineData(1, 0.4, -0.2)]
    [InlineData(4, 2, 1)]
    [InlineData(915, 12, 10.5)]
    public void The_noncentral_t_distribution_leaves_out_nothing_that_can_be_seen(int freedom, double t, double noncentrality)
    {
        double v = freedom;
        var sum = 0.0;
        const int Steps = 2000;
        var h = (1 + (12 / Math.Sqrt(v))) / Steps;
        for (var i = 0; i <= Steps; i++)
        {
            var s = i * h;
            var logDensity = (v / 2 * Math.Log(v)) - ((v / 2 - 1) * Math.Log(2)) - SpecialFunctions.GammaLn(v / 2) - (v * s * s / 2);
            var density = s > 0 ? Math.Exp(logDensity + ((v - 1) * Math.Log(s))) : freedom == 1 ? Math.Exp(logDensity) : 0;
            sum += (i is 0 or Steps ? 1 : i % 2 == 0 ? 2 : 4) * density * Normal.CDF(0, 1, (t * s) - noncentrality);
        }

        Assert.Equal(sum * h / 3, PairedEffectSize.NoncentralT(t, freedom, noncentrality), 14);
    }

    [Fact]
    public void The_nearest_centroid_is_that_of_all_others_that_may_help()
    {
        var random = new Random(11);
        string[] names = ["a", "b", "c"];
        NamedSample[] samples = [.. Enumerable.Range(0, 90).Select(i => new NamedSample(
            names[i % 3], i / 9, i % 2, [random.NextDouble() + (0.3 * (i % 3)), random.NextDouble(), 4]))];
        var expected = new int[3, 3];
        foreach (var sample in samples)
        {
            NamedSample[] others = [.. samples.Where(o => o.Seed != sample.Seed)];
            double Mean(IEnumerable<NamedSample> of, int k) => of.Average(o => o.Features[k]);
            double Deviation(int k) => Math.Sqrt(others.Average(o => Math.Pow(o.Features[k] - Mean(others, k), 2)));
            var given = names.MinBy(name => Enumerable.Range(0, 2).Sum(k =>
                Math.Pow((sample.Features[k] - Mean(others.Where(o => o.Name == name), k)) / Deviation(k), 2)))!;
            expected[Array.IndexOf(names, sample.Name), Array.IndexOf(names, given)]++;
        }

        var naming = NearestCentroid.Of(samples, (one, other) => one.Seed == other.Seed);
        Assert.Equal(expected, naming!.Confusion);
        Assert.InRange(naming.Hits, 40, 89); // Some are mistaken, so that the numbers decide.
    }

    [Fact]
    public void Of_two_that_ask_for_the_same_one_computes_and_the_oldest_goes_first()
    {
        var computed = new List<int>();
        var kept = new RecentlyUsed<int, int>(2);
        int Of(int key) => kept.Of(key, k =>
        {
            computed.Add(k);
            return 10 * k;
        });
        Assert.Equal([10, 20, 10, 30, 10, 20], new[] { 1, 2, 1, 3, 1, 2 }.Select(Of));
        Assert.Equal([1, 2, 3, 2], computed);
    }

    private static double[] Values(int n, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, n).Select(_ => random.NextDouble())];
    }

    private static double Sum(IEnumerable<double> values) => values.Aggregate(0.0, (sum, value) => sum + value);

    private static double[] Draw(int n, int seed, int resamples, Func<int[], double> statistic)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, resamples).Select(_ => statistic([.. Enumerable.Range(0, n).Select(_ => random.Next(n))]))];
    }

    private static IReadOnlyList<IReadOnlyList<(double X, double Y)>> Paths(int seeds, int seed, int rates)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, seeds).Select(_ => (IReadOnlyList<(double, double)>)
            [.. Enumerable.Range(0, rates).Select(r => ((0.2 * random.NextDouble()) + (0.8 * r / (rates - 1)), random.NextDouble()))])];
    }
}
