using OptBias.Lab.Studies;

namespace OptBias.Lab.Tests.Studies;

public sealed class MatchedForgettingTests
{
    [Fact]
    public void Two_methods_are_compared_where_every_seed_of_both_reaches()
    {
        // Forgetting is the square of what is learnt, for the method less by 0.1: the difference is −0.1 wherever they meet.
        var matched = MatchedForgetting.Of(Paths(0.3, 0.9, -0.1), Paths(0.2, 0.8, 0));
        Assert.Equal(0.32, matched.Low, 9);
        Assert.Equal(0.80, matched.High, 9);
        Assert.Equal(-0.1, matched.Difference.Estimate, 2);
        Assert.True(matched.Difference.High < -0.05);
    }

    [Fact]
    public void A_rate_at_which_a_seed_diverged_is_no_point_and_does_not_hide_the_others()
    {
        var paths = Paths(0.2, 0.9, 0).Select(p => p.ToArray()).ToArray();
        paths[1][^1] = (double.NaN, double.NaN);
        var matched = MatchedForgetting.Of(paths, Paths(0.2, 0.9, 0));
        Assert.True(matched.Difference.IsDefined);
        Assert.True(matched.High < 0.9);
        Assert.True(matched.Difference.Contains(0));
    }

    [Fact]
    public void Methods_that_do_not_meet_have_no_difference() =>
        Assert.False(MatchedForgetting.Of(Paths(0.2, 0.4, 0), Paths(0.5, 0.9, 0)).Difference.IsDefined);

    private static IReadOnlyList<IReadOnlyList<(double X, double Y)>> Paths(double low, double high, double offset) =>
        [.. Enumerable.Range(0, 3).Select(seed => (IReadOnlyList<(double, double)>)[.. Enumerable.Range(0, 13).Select(rate =>
        {
            var x = low + (0.01 * seed) + ((high - low) * rate / 12);
            return (x, (x * x) + offset);
        })])];
}
