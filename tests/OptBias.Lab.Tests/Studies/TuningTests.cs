using OptBias.Lab.Storage;
using OptBias.Lab.Studies;
using OptBias.Lab.Tests.Storage;

namespace OptBias.Lab.Tests.Studies;

public sealed class TuningTests
{
    private static readonly double[] Grid = [0.001, 0.01, 0.1, 1];

    /// <summary>As in class-incremental learning, where almost every rate keeps the last task only.</summary>
    [Fact]
    public void Where_the_score_ties_it_does_not_choose_and_the_rate_that_learns_best_wins()
    {
        var winner = Of((0.190, 0.93), (0.191, 0.97), (0.196, 0.95), (0.195, 0.94));
        Assert.Equal(0.01, winner.LearningRate);
        Assert.Equal(Grid, winner.Tied);
        Assert.Equal(0.191, winner.Score.Estimate, 12);
        Assert.Contains("4 rates tie within 0.01, and of these the one that learns best won", winner.ForReport("score").ScoreName);
    }

    [Fact]
    public void Noise_in_the_score_changes_nothing_as_long_as_it_ties()
    {
        var random = new Random(3);
        for (var i = 0; i < 50; i++)
        {
            double Noise() => 0.19 + (0.004 * (random.NextDouble() - 0.5));
            Assert.Equal(0.01, Of((Noise(), 0.93), (Noise(), 0.97), (Noise(), 0.95), (Noise(), 0.94)).LearningRate);
        }
    }

    [Fact]
    public void A_score_that_is_clearly_better_wins_and_rates_that_learn_alike_go_to_the_smaller()
    {
        Assert.Equal(0.1, Of((0.19, 0.97), (0.25, 0.97), (0.40, 0.95), (0.30, 0.97)).LearningRate);
        Assert.Equal(0.001, Of((0.19, 0.97), (0.19, 0.97), (0.19, 0.97), (0.19, 0.97)).LearningRate);
        Assert.DoesNotContain("tie", Of((0.19, 0.97), (0.25, 0.97), (0.40, 0.95), (0.30, 0.97)).ForReport("score").ScoreName);
    }

    [Fact]
    public void Rates_that_learn_too_little_or_diverge_do_not_win_and_none_may()
    {
        Assert.Equal(0.1, Of((0.90, 0.50), (double.NaN, 0.97), (0.40, 0.95), (0.30, 0.97)).LearningRate);
        var none = Of((double.NaN, 0.9), (double.NaN, 0.9), (double.NaN, 0.9), (double.NaN, 0.9));
        Assert.True(double.IsNaN(none.LearningRate));
        Assert.Empty(none.Tied);
    }

    private static TuningWinner Of(params (double Score, double Learning)[] rates) => TuningWinner.Of("Sgd", Grid, rates.Select((r, i) => SampleRun.Of($"{i}", 0) with
    {
        Settings = new Dictionary<string, string> { ["lr"] = FormattableString.Invariant($"{Grid[i]:R}") },
        Metrics = new Dictionary<string, double> { [MetricNames.AverageAccuracy] = r.Score, [MetricNames.LearningAccuracy] = r.Learning },
    }), MetricNames.AverageAccuracy);
}
