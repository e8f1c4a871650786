using OptBias.Lab.Statistics;

namespace OptBias.Lab.Tests.Statistics;

public sealed class FrontierTests
{
    [Fact]
    public void Between_two_learning_rates_the_frontier_is_a_line()
    {
        (double, double)[] path = [(0.5, 0.1), (0.9, 0.3)];
        Assert.Equal(0.2, Frontier.At(path, 0.7), 12);
        Assert.Equal(0.3, Frontier.At(path, 0.9), 12);
        Assert.True(double.IsNaN(Frontier.At(path, 0.95)));
        Assert.Equal((0.5, 0.9), Frontier.Reach(path));
    }

    [Fact]
    public void Where_the_path_turns_back_the_cheaper_way_counts()
    {
        (double, double)[] path = [(0.5, 0.1), (0.9, 0.3), (0.7, 0.8)];
        Assert.Equal(0.2, Frontier.At(path, 0.7), 12);
        Assert.Equal(0.25, Frontier.At(path, 0.8), 12);
    }

    [Theory]
    [InlineData(0.7, 0.2)]
    [InlineData(0.9, 0.3)]
    [InlineData(0.5, 0.1)]
    [InlineData(0.95, double.NaN)]
    public void What_is_no_cost_counts_at_the_smallest_rate_that_reaches(double x, double y)
    {
        (double, double)[] path = [(0.5, 0.1), (0.9, 0.3), (0.7, 0.05)];
        Assert.Equal(y, Frontier.At(path, x, Crossing.First), 12);
    }

    [Fact]
    public void A_resample_that_ends_inside_the_range_counts_over_what_it_reaches()
    {
        IReadOnlyList<(double, double)>[] first = [[(0.5, 0.1), (0.9, 0.5)], [(0.5, 0.1), (0.85, 0.45)], [(0.5, 0.1), (0.6, 0.2)]];
        IReadOnlyList<(double, double)>[] second = [.. first.Select(p => (IReadOnlyList<(double, double)>)[.. p.Select(q => (q.Item1, q.Item2 + 0.1))])];
        Assert.Equal([-0.1, -0.1, double.NaN], MatchedDifference.PerSeed(first, second, 0.5, 0.9), (a, b) => double.IsNaN(a) == double.IsNaN(b) && !(Math.Abs(a - b) > 1e-9));
        Assert.Equal(-0.1, MatchedDifference.Over(first[..2], second[..2], 0.5, 0.9, resamples: 200).Estimate, 9);
    }

    [Fact]
    public void A_diverged_rate_interrupts_the_path()
    {
        (double, double)[] path = [(0.5, 0.1), (double.NaN, double.NaN), (0.9, 0.3)];
        Assert.True(double.IsNaN(Frontier.At(path, 0.7)));
        Assert.Equal(0.1, Frontier.At(path, 0.5), 12);
    }

    [Fact]
    public void A_constant_gap_is_found_exactly_and_its_interval_is_that_of_the_seeds()
    {
        // Seed k shifts both optimizers alike; the second pays 0.1 more everywhere, plus or minus a little per seed.
        double[] noise = [-0.02, -0.01, 0, 0.01, 0.02];
        var first = noise.Select((_, k) => Path(k, 0)).ToArray();
        var second = noise.Select((e, k) => Path(k, 0.1 + e)).ToArray();
        var difference = MatchedDifference.At(first, second, 0.7);
        Assert.Equal(-0.1, difference.Estimate, 9);
        Assert.InRange(difference.Low, -0.12 - 1e-9, -0.11);
        Assert.InRange(difference.High, -0.09, -0.08 + 1e-9);
        var over = MatchedDifference.Over(first, second, 0.6, 0.8);
        Assert.Equal(-0.1, over.Estimate, 9);
        Assert.True(over.High < 0);

        static IReadOnlyList<(double, double)> Path(int seed, double cost) =>
            [(0.5, 0.1 + cost + (0.05 * seed)), (0.7, 0.2 + cost + (0.05 * seed)), (0.9, 0.5 + cost + (0.05 * seed))];
    }

    [Fact]
    public void The_trap_a_smaller_step_is_no_better_at_equal_learning()
    {
        // Both lie on one curve y = x², at other learning rates: naive means differ, matched ones do not.
        var careful = Enumerable.Range(0, 5).Select(_ => Curve(0.1, 0.6)).ToArray();
        var bold = Enumerable.Range(0, 5).Select(_ => Curve(0.3, 0.9)).ToArray();
        Assert.Equal(0, MatchedDifference.Over(careful, bold, 0.35, 0.55, resamples: 200).Estimate, 3);
        Assert.Equal((0.3, 0.6), MatchedDifference.CommonReach(careful, bold));

        static IReadOnlyList<(double, double)> Curve(double low, double high) =>
            [.. Enumerable.Range(0, 41).Select(i => low + ((high - low) * i / 40)).Select(x => (x, x * x))];
    }

    [Fact]
    public void What_one_does_not_reach_is_not_compared()
    {
        IReadOnlyList<(double, double)>[] first = [[(0.5, 0.1), (0.6, 0.2)]];
        IReadOnlyList<(double, double)>[] second = [[(0.7, 0.1), (0.8, 0.2)]];
        Assert.False(MatchedDifference.At(first, second, 0.65).IsDefined);
        Assert.True(double.IsNaN(MatchedDifference.CommonReach(first, second).Low));
        Assert.Throws<ArgumentException>(() => MatchedDifference.At(first, [.. second, .. second], 0.65));
    }
}
