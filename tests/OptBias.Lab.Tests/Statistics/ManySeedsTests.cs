using MathNet.Numerics.Distributions;
using OptBias.Lab.Statistics;

namespace OptBias.Lab.Tests.Statistics;

/// <summary>What is computed in another way where a study has hundreds of seeds.</summary>
public sealed class ManySeedsTests
{
    [Fact]
    public void A_resampled_frontier_is_the_mean_frontier_bit_for_bit()
    {
        var random = new Random(1);
        IReadOnlyList<IReadOnlyList<(double X, double Y)>> paths = [.. Enumerable.Range(0, 40).Select(_ => (IReadOnlyList<(double, double)>)[.. Enumerable.Range(0, 7).Select(_ => (random.NextDouble(), random.NextDouble()))])];
        var resampled = new ResampledFrontier(paths);
        for (var resample = 0; resample < 20; resample++)
        {
            int[] seeds = [.. Enumerable.Range(0, 40).Select(_ => random.Next(40))];
            Assert.Equal(Frontier.Mean(paths, seeds), resampled.Mean(seeds));
        }
    }

    /// <summary>For so many pairs the permutation distribution of the mean is normal: an oracle that draws nothing.</summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.05)]
    [InlineData(0.15)]
    public void The_permutation_test_of_many_pairs_is_that_of_the_normal_distribution(double shift)
    {
        var random = new Random(2);
        double[] differences = [.. Enumerable.Range(0, 400).Select(_ => shift + Normal.InvCDF(0, 1, random.NextDouble()))];
        var test = PairedPermutationTest.Of(differences, new double[400]);
        var z = differences.Sum() / Math.Sqrt(differences.Sum(d => d * d));
        Assert.Equal(2 * Normal.CDF(0, 1, -Math.Abs(z)), test.PValue, 0.01);
        Assert.False(test.IsExact);
    }

    [Fact]
    public void The_interval_of_many_values_is_that_of_the_normal_distribution()
    {
        var random = new Random(3);
        double[] values = [.. Enumerable.Range(0, 900).Select(_ => Normal.InvCDF(0, 1, random.NextDouble()))];
        var interval = BootstrapInterval.OfMean(values);
        var half = 1.96 * Math.Sqrt(values.Sum(v => (v - values.Average()) * (v - values.Average())) / 899 / 900);
        Assert.Equal(values.Average() - half, interval.Low, 0.006);
        Assert.Equal(values.Average() + half, interval.High, 0.006);
    }
}
