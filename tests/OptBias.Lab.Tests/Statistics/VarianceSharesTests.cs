using OptBias.Lab.Statistics;

namespace OptBias.Lab.Tests.Statistics;

public sealed class VarianceSharesTests
{
    private static readonly VarianceFactor[] Factors = [new("optimizer"), new("rate", IsNested: true), new("network")];

    [Fact]
    public void Additive_effects_have_their_shares()
    {
        // Effects of 3, 2 and 1 standard deviations with noise of one: variances 9, 4, 1 and 1 of 15.
        var shares = VarianceShares.Of(Runs(seeds: 40, (optimizer, rate, network, noise) => (3 * Sign(optimizer)) + (2 * Sign(rate)) + Sign(network) + noise), Factors);
        Assert.Equal([9 / 15.0, 4 / 15.0, 1 / 15.0, 1 / 15.0], shares.Select(s => s.Estimate), new Near(0.03));
        Assert.All(shares, share => Assert.True(share.HasWidth && share.Contains(share.Estimate)));
    }

    /// <summary>Means of few runs differ by chance: that is no share of a factor.</summary>
    [Fact]
    public void Noise_alone_is_nobodys()
    {
        var shares = VarianceShares.Of(Runs(seeds: 5, (_, _, _, noise) => noise), Factors);
        Assert.All(shares.SkipLast(1), share => Assert.InRange(share.Estimate, 0, 0.12));
        Assert.InRange(shares[^1].Estimate, 0.8, 1);
    }

    [Fact]
    public void An_interaction_belongs_to_the_rest()
    {
        var shares = VarianceShares.Of(Runs(seeds: 10, (optimizer, _, network, noise) => (5 * Sign(optimizer) * Sign(network)) + (0.1 * noise)), Factors);
        Assert.All(shares.SkipLast(1), share => Assert.InRange(share.Estimate, 0, 0.01));
        Assert.InRange(shares[^1].Estimate, 0.99, 1);
    }

    [Fact]
    public void A_rate_counts_by_what_it_adds_to_all_other_factors()
    {
        // Rate "0" of optimizer 0 and of optimizer 1 are different rates: nesting gives the interaction to the rate.
        var shares = VarianceShares.Of(Runs(seeds: 20, (optimizer, rate, _, noise) => (2 * Sign(optimizer) * Sign(rate)) + (0.01 * noise)), Factors);
        Assert.Equal([0, 1, 0, 0], shares.Select(s => s.Estimate), new Near(0.01));
    }

    [Fact]
    public void One_seed_or_a_constant_has_no_shares()
    {
        Assert.All(VarianceShares.Of(Runs(seeds: 1, (_, _, _, noise) => noise), Factors), share => Assert.False(share.IsDefined));
        Assert.All(VarianceShares.Of(Runs(seeds: 4, (_, _, _, _) => 0.5), Factors), share => Assert.False(share.IsDefined));
        Assert.Contains("3 factors", Assert.Throws<ArgumentException>(() => VarianceShares.Of([(["a"], 1, 0)], Factors)).Message, StringComparison.Ordinal);
    }

    private static int Sign(int level) => level == 0 ? -1 : 1;

    private static List<(IReadOnlyList<string> Levels, int Seed, double Value)> Runs(int seeds, Func<int, int, int, double, double> value)
    {
        var random = new Random(3);
        return
        [
            .. from optimizer in new[] { 0, 1 }
               from rate in new[] { 0, 1 }
               from network in new[] { 0, 1 }
               from seed in Enumerable.Range(1, seeds)
               select ((IReadOnlyList<string>)[$"{optimizer}", $"{rate}", $"{network}"], seed, value(optimizer, rate, network, Normal(random))),
        ];
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private sealed class Near(double tolerance) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(double value) => 0;
    }
}
