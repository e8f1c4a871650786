using OptBias.Lab.Statistics;
using OptBias.Lab.Studies;

namespace OptBias.Lab.Tests.Studies;

public sealed class EffectTests
{
    private static readonly PlannedTest Less = new(MetricNames.Forgetting, "Shampoo", "AdamW", -1);

    [Theory]
    [InlineData(-0.2, -0.1, 0.9, EffectVerdict.Agrees)]
    [InlineData(0.1, 0.2, 0.9, EffectVerdict.Contradicts)]
    [InlineData(-0.2, 0.05, 0.9, EffectVerdict.Open)]
    [InlineData(-0.2, -0.1, 0.8005, EffectVerdict.Open)] // a range of less than a point of accuracy
    [InlineData(double.NaN, double.NaN, double.NaN, EffectVerdict.Open)]
    public void The_interval_decides(double low, double high, double upTo, EffectVerdict verdict) =>
        Assert.Equal(verdict, new Effect(Less, "class-incremental", "mlp", new(0.8, upTo, new((low + high) / 2, low, high), []), 0.5).Verdict);

    [Fact]
    public void A_single_seed_decides_nothing() =>
        Assert.Equal(EffectVerdict.Open, new Effect(Less, "", "", new(0.8, 0.9, Interval.Single(-0.2), []), 0.5).Verdict);

    [Fact]
    public void An_effect_is_shown_in_parts_of_the_baselines_mean()
    {
        var effect = new Effect(Less, "", "", new(0.8, 0.9, new(-0.1, -0.2, 0), []), 0.4);
        Assert.Equal((-0.25, -0.5, 0), (effect.Relative.Estimate, effect.Relative.Low, effect.Relative.High));
        Assert.False((effect with { Level = 0 }).Relative.IsDefined);
    }

    [Fact]
    public void The_level_is_the_baselines_mean_over_the_common_range()
    {
        // y = x on both seeds: its mean over [0.2, 0.6] is 0.4.
        IReadOnlyList<(double, double)> path = [(0, 0), (1, 1)];
        Assert.Equal(0.4, MatchedComparison.Level([path, path], 0.2, 0.6), 9);
        Assert.True(double.IsNaN(MatchedComparison.Level([], 0.2, 0.6)));
    }

    /// <summary>What is planned stands in docs/studies.md; an expectation that was changed after the runs would not.</summary>
    [Fact]
    public void The_planned_tests_are_among_those_of_every_setting() => Assert.Empty(PlannedTest.ClassIncremental.Except(PlannedTest.Everywhere));
}
