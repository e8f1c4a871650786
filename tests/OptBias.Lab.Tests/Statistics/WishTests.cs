using System.Globalization;
using OptBias.Lab.Statistics;

namespace OptBias.Lab.Tests.Statistics;

public sealed class WishTests
{
    [Fact]
    public void Dominated_points_are_off_the_front()
    {
        double[][] points = [[1, 5], [2, 4], [1.5, 4], [2, 4], [double.NaN, 9]];
        Assert.Equal([true, true, false, true, false], ParetoFront.Of(points, [true, true]));
        Assert.Equal([true, false, false, false, false], ParetoFront.Of(points, [false, true]));
        Assert.Throws<ArgumentException>(() => ParetoFront.Of(points, [true]));
    }

    [Theory]
    [InlineData("forgetting<0.2", WishKind.Below, 0.2)]
    [InlineData("forgetting > 1e-3", WishKind.Above, 1e-3)]
    public void Wishes_are_read_whatever_the_machine_speaks(string text, WishKind kind, double bound)
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("fi-FI");
            var wish = Wish.Parse(text);
            Assert.Equal(new Wish("forgetting", kind, bound), wish);
            Assert.DoesNotContain(",", wish.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Theory]
    [InlineData("forgetting")]
    [InlineData("<0.2")]
    [InlineData("forgetting<")]
    [InlineData("forgetting<0,2")]
    [InlineData("forgetting<nan")]
    public void What_is_no_wish_is_refused_with_an_example(string text)
    {
        var message = Assert.Throws<FormatException>(() => Wish.Parse(text)).Message;
        Assert.Contains(text, message, StringComparison.Ordinal);
        Assert.Contains("forgetting<0.2", message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => Wish.ParseWithin("accuracy:-1"));
        Assert.Equal(new Wish("accuracy", WishKind.WithinOfBest, 0.01), Wish.ParseWithin("accuracy:0.01"));
    }

    [Fact]
    public void The_probability_is_that_of_the_resampled_mean()
    {
        // Means of two drawn from {0, 1} are 0, 1/2, 1/2, 1: below 0.4 in a quarter of the resamples.
        var ranking = WishProbability.Rank(Values(("A", [[0.0, 1]]), ("B", [[0.1, 0.1]])), [Wish.Parse("x<0.4")]);
        Assert.Equal(["B", "A"], ranking.Select(r => r.Optimizer));
        Assert.Equal(1, ranking[0].All);
        Assert.Equal(0.25, ranking[1].All, 0.02);
        Assert.Equal(0.5, ranking[1].Means[0].Estimate, 12);
    }

    [Fact]
    public void All_wishes_together_are_harder_than_each()
    {
        var ranking = WishProbability.Rank(
            Values(("A", [[0.0, 1, 0, 1], [1.0, 0, 1, 0]])),
            [Wish.Parse("x<0.6"), Wish.Parse("y>0.4")]).Single();

        // y = 1 - x in every seed, so both wishes ask for a mean of x below 0.6: they hold together.
        Assert.Equal(ranking.Each[0], ranking.Each[1]);
        Assert.Equal(ranking.Each[0], ranking.All);
        Assert.Equal(11 / 16.0, ranking.All, 0.02);
    }

    [Fact]
    public void Wishes_that_exclude_each_other_are_never_all_met()
    {
        var ranking = WishProbability.Rank(Values(("A", [[0.0, 1, 0, 1], [0.0, 1, 0, 1]])), [Wish.Parse("x<0.5"), Wish.Parse("x>0.5")]).Single();
        Assert.Equal(0, ranking.All);
        Assert.Equal(5 / 16.0, ranking.Each[0], 0.02);
    }

    [Fact]
    public void Within_is_measured_from_the_best_of_each_resample()
    {
        var ranking = WishProbability.Rank(
            Values(("Best", [[0.95, 0.97]]), ("Close", [[0.945, 0.965]]), ("Far", [[0.8, 0.8]])),
            [Wish.ParseWithin("accuracy:0.01")]);
        Assert.Equal([1.0, 1, 0], ranking.Select(r => r.All));
        Assert.Equal("Far", ranking[^1].Optimizer);
        Assert.Equal([true, false, false], ranking.Select(r => r.OnFront));
        Assert.Equal(0.5, ranking[0].Best, 12);
    }

    [Fact]
    public void A_diverged_seed_meets_nothing()
    {
        var ranking = WishProbability.Rank(Values(("A", [[double.NaN, double.NaN]]), ("B", [[0.3, 0.3]])), [Wish.Parse("x<0.4")]);
        Assert.Equal(0, ranking.Single(r => r.Optimizer == "A").All);
        Assert.False(ranking.Single(r => r.Optimizer == "A").OnFront);
        Assert.Throws<ArgumentException>(() => WishProbability.Rank(Values(("A", [[1.0]])), []));
        Assert.Throws<ArgumentException>(() => WishProbability.Rank(Values(("A", [[1.0], [1.0, 2]])), [Wish.Parse("x<1"), Wish.Parse("y<1")]));
    }

    private static Dictionary<string, IReadOnlyList<IReadOnlyList<double>>> Values(params (string Name, double[][] Metrics)[] optimizers) =>
        optimizers.ToDictionary(o => o.Name, o => (IReadOnlyList<IReadOnlyList<double>>)o.Metrics);
}
