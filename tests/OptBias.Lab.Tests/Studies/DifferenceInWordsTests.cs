using OptBias.Lab.Statistics;
using OptBias.Lab.Studies;
using OptBias.Lab.Tasks;

namespace OptBias.Lab.Tests.Studies;

/// <summary>Sentences of reports claim no direction that an interval does not have.</summary>
public sealed class DifferenceInWordsTests
{
    private static readonly Interval Above = new(0.2, 0.1, 0.3);
    private static readonly Interval Below = new(-0.2, -0.3, -0.1);
    private static readonly Interval Open = new(0.4, -0.1, 0.9);

    [Fact]
    public void Only_an_interval_without_zero_has_a_direction()
    {
        Assert.Equal("Against AdamW, the rank is larger for A (0.20 [0.10, 0.30]) and smaller for B (−0.20 [−0.30, −0.10]); for 1 other the interval includes no difference.",
            DifferenceInWords.Of("the rank", "AdamW", [("A", Above), ("B", Below), ("C", Open)], "0.00"));
        Assert.Equal("Of the rank, no difference from AdamW is seen: every interval includes zero.", DifferenceInWords.Of("the rank", "AdamW", [("C", Open)], "0.00"));
        Assert.Equal("One seed cannot say whose rank differs from that of AdamW.", DifferenceInWords.Of("the rank", "AdamW", [("A", Interval.Single(3))], "0.00"));
        Assert.Null(DifferenceInWords.Of("the rank", "AdamW", [("A", Interval.Undefined)], "0.00"));
    }

    [Fact]
    public void A_guess_and_the_last_task_alone_are_worth_what_they_are()
    {
        var split = new ClassIncremental();
        Assert.Equal(0.1, Yardsticks.Chance(split), 12);
        Assert.Equal(0.5, Yardsticks.Chance(split, masked: true), 12);
        Assert.Equal(0.2, Yardsticks.LastTaskAlone(split, 5), 12);
        Assert.Equal((1 + (4 * 0.5)) / 5, Yardsticks.LastTaskAlone(split, 5, masked: true), 12);

        // Where all tasks have all classes, a network that knows one of them guesses on the others.
        Assert.Equal((1 + (4 * 0.1)) / 5, Yardsticks.LastTaskAlone(new PermutedDigits(5), 5), 12);
    }

    [Fact]
    public void A_difference_that_grows_by_the_same_amount_in_every_seed_is_known_to_grow()
    {
        var change = MatchedComparison.Change(new(Paths(-0.1), Paths(0)), new(Paths(-0.3), Paths(0)));
        Assert.Equal(-0.2, change.Estimate, 2);
        Assert.True(change.High < -0.1);
        Assert.True(MatchedComparison.Change(new(Paths(-0.1), Paths(0)), new(Paths(-0.1), Paths(0))).Contains(0));
        Assert.False(MatchedComparison.Change(new(Paths(-0.1), Paths(0)), new([], Paths(0))).IsDefined);
    }

    /// <summary>Three seeds, each a path over learning rates; forgetting is the square of what is learnt, moved by an offset.</summary>
    private static IReadOnlyList<IReadOnlyList<(double X, double Y)>> Paths(double offset) =>
        [.. Enumerable.Range(0, 3).Select(seed => (IReadOnlyList<(double, double)>)[.. Enumerable.Range(0, 13).Select(rate =>
        {
            var x = 0.2 + (0.01 * seed) + (0.05 * rate);
            return (x, (x * x) + offset);
        })])];
}
