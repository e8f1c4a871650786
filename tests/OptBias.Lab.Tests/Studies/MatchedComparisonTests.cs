using OptBias.Lab.Studies;

namespace OptBias.Lab.Tests.Studies;

public sealed class MatchedComparisonTests
{
    [Fact]
    public void Two_methods_are_compared_where_the_means_of_both_reach()
    {
        // Forgetting is the square of what is learnt, for the method less by 0.1: the difference is −0.1 wherever they meet.
        var matched = MatchedComparison.Of(Paths(0.3, 0.9, -0.1), Paths(0.2, 0.8, 0));
        Assert.Equal(0.31, matched.Low, 9);
        Assert.Equal(0.81, matched.High, 9);
        Assert.Equal(" at 0.310 to 0.810", matched.Range);
        Assert.All(matched.PerSeed, d => Assert.Equal(-0.1, d, 2));
        Assert.Equal(-0.1, matched.Difference.Estimate, 2);
        Assert.True(matched.Difference.High < -0.05);
    }

    [Fact]
    public void A_rate_at_which_a_seed_diverged_is_no_point_and_does_not_hide_the_others()
    {
        var paths = Paths(0.2, 0.9, 0).Select(p => p.ToArray()).ToArray();
        paths[1][^1] = (double.NaN, double.NaN);
        var matched = MatchedComparison.Of(paths, Paths(0.2, 0.9, 0));
        Assert.True(matched.Difference.IsDefined);
        Assert.True(matched.High < 0.9);
        Assert.True(matched.Difference.Contains(0));
    }

    [Fact]
    public void Methods_that_do_not_meet_have_no_difference() =>
        Assert.False(MatchedComparison.Of(Paths(0.2, 0.4, 0), Paths(0.5, 0.9, 0)).Difference.IsDefined);

    /// <summary>One seed that learns little must not hide what the others have in common.</summary>
    [Fact]
    public void A_single_seed_that_reaches_less_does_not_hide_the_common_range()
    {
        var paths = Paths(0.2, 0.9, -0.1).Select(p => p.ToArray()).ToArray();
        paths[2] = [.. paths[2].Select(p => (0.1 + (p.X / 10), p.Y))];
        var matched = MatchedComparison.Of(paths, Paths(0.4, 0.9, 0));
        Assert.True(matched.Difference.IsDefined);
        Assert.True(double.IsNaN(matched.PerSeed[2]));
    }

    [Fact]
    public void A_range_of_less_than_a_point_is_said_to_be_narrow()
    {
        // Every seed alike, so that every resample reaches the range.
        var (first, second) = (Paths(0.2, 0.505, 0)[0], Paths(0.5, 0.9, 0)[0]);
        var matched = MatchedComparison.Of([first, first, first], [second, second, second]);
        Assert.True(matched.IsNarrow);
        Assert.EndsWith(", a narrow range", matched.Range);
        Assert.Equal(", no learning accuracy that both reach", MatchedComparison.Of(Paths(0.2, 0.4, 0), Paths(0.5, 0.9, 0)).Range);
    }

    private static IReadOnlyList<IReadOnlyList<(double X, double Y)>> Paths(double low, double high, double offset) =>
        [.. Enumerable.Range(0, 3).Select(seed => (IReadOnlyList<(double, double)>)[.. Enumerable.Range(0, 13).Select(rate =>
        {
            var x = low + (0.01 * seed) + ((high - low) * rate / 12);
            return (x, (x * x) + offset);
        })])];
}
