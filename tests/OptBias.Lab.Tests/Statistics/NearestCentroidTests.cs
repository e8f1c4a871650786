using OptBias.Lab.Statistics;

namespace OptBias.Lab.Tests.Statistics;

public sealed class NearestCentroidTests
{
    [Fact]
    public void Names_that_lie_apart_are_found_and_a_number_in_other_units_does_not_hide_them()
    {
        var naming = NearestCentroid.Of(Samples((name, seed) => [name + (0.01 * seed), 1e6 * seed]), (a, b) => a.Seed == b.Seed)!;
        Assert.Equal((12, 12), (naming.Hits, naming.Count));
        Assert.Equal(1.0 / 3, naming.Chance, 12);
        Assert.Equal(1, naming.Right.Estimate);
    }

    [Fact]
    public void Names_that_nothing_tells_apart_are_guessed()
    {
        var random = new Random(1);
        var naming = NearestCentroid.Of(Samples((_, _) => [random.NextDouble(), random.NextDouble()], seeds: 60), (a, b) => a.Seed == b.Seed)!;
        Assert.InRange(naming.Hits / (double)naming.Count, 0.2, 0.47);
    }

    /// <summary>What only the seed tells must not help: with the own seed left in, the nearest is always a sister of the same seed.</summary>
    [Fact]
    public void What_is_left_out_does_not_help()
    {
        var samples = Enumerable.Range(0, 4).SelectMany(seed => new[] { "a", "b" }.Select(name => new NamedSample(name, seed, seed, [name == "a" == (seed % 2 == 0) ? 0 : 1]))).ToArray();
        Assert.Equal(0.5, NearestCentroid.Of(samples, (a, b) => a.Seed == b.Seed)!.Hits / 8.0, 0.51);
        Assert.Null(NearestCentroid.Of(samples, (_, _) => true));
        Assert.Null(NearestCentroid.Of([.. samples.Where(s => s.Name == "a")], (_, _) => false));
        Assert.Null(NearestCentroid.Of([.. samples.Select(s => s with { Features = [double.NaN] })], (_, _) => false));
    }

    private static NamedSample[] Samples(Func<int, int, double[]> features, int seeds = 4) =>
        [.. Enumerable.Range(0, seeds).SelectMany(seed => Enumerable.Range(0, 3).Select(name => new NamedSample($"{name}", seed, 0, features(name, seed))))];
}
