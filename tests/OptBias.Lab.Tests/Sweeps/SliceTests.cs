using OptBias.Lab.Studies;
using OptBias.Lab.Sweeps;

namespace OptBias.Lab.Tests.Sweeps;

public sealed class SliceTests
{
    private static readonly FakeStudy Study = new(tuning: 23);

    private static IReadOnlyList<Trial> Trials => Study.Stages(Study.Plan())[0].Trials([]);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(23)]
    [InlineData(40)]
    public void Every_trial_is_in_one_slice_and_slices_are_of_about_one_size(int count)
    {
        var slices = Enumerable.Range(1, count).Select(n => new Slice(n, count).Of(Trials)).ToArray();
        Assert.Equal(Trials.Select(t => t.Key).Order(), slices.SelectMany(s => s).Select(t => t.Key).Order());
        Assert.InRange(slices.Max(s => s.Count) - slices.Min(s => s.Count), 0, 1);
    }

    /// <summary>Tasks start at different times and see different numbers of finished runs; their slices must not depend on it.</summary>
    [Fact]
    public void A_slice_does_not_depend_on_the_order_of_the_trials() =>
        Assert.Equal(new Slice(2, 5).Of(Trials).Select(t => t.Key), new Slice(2, 5).Of([.. Trials.Reverse()]).Select(t => t.Key));

    [Fact]
    public void Methods_of_different_length_are_spread_over_the_slices()
    {
        var plan = OptBias.Lab.Commands.Laboratory.Default.Plan(StudyCatalogue.All[0], "standard", [], null, 8);
        var tuning = StudyCatalogue.All[0].Stages(plan)[0].Trials([]);
        // The grid has 8 methods of 12 rates; in its own order 12 slices would have one rate each.
        Assert.All(Enumerable.Range(1, 12), n => Assert.InRange(new Slice(n, 12).Of(tuning).Select(t => t.Settings().First().Value).Distinct().Count(), 8, int.MaxValue));
    }

    [Fact]
    public void Unfinished_slices_are_those_that_hold_a_missing_trial()
    {
        var missing = new[] { new Slice(2, 5).Of(Trials)[0].Key, new Slice(5, 5).Of(Trials)[1].Key, new Slice(5, 5).Of(Trials)[2].Key };
        Assert.Equal([2, 5], Slice.Unfinished(Trials.Select(t => t.Key), 5, key => !missing.Contains(key)));
        Assert.Empty(Slice.Unfinished(Trials.Select(t => t.Key), 5, _ => true));
    }

    [Theory]
    [InlineData("0/4")]
    [InlineData("5/4")]
    [InlineData("1")]
    [InlineData("a/4")]
    [InlineData("-1/4")]
    public void What_is_no_slice_is_said_to_be_none(string text) => Assert.Contains("--slice is", Assert.Throws<ArgumentException>(() => Slice.Parse(text)).Message);
}
