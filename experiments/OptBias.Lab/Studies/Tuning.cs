using OptBias.Lab.Reports;
using OptBias.Lab.Statistics;
using OptBias.Lab.Storage;

namespace OptBias.Lab.Studies;

/// <summary>What tuning chose for a method.</summary>
/// <param name="Method">The method.</param>
/// <param name="LearningRate">The winner; NaN where every rate diverged.</param>
/// <param name="Grid">The rates that were tried.</param>
/// <param name="Score">The winner's score with its interval over the tuning seeds.</param>
public sealed record TuningWinner(string Method, double LearningRate, IReadOnlyList<double> Grid, Interval Score)
{
    /// <summary>Chooses the rate with the best mean score on validation digits; a rate that diverged for any seed cannot win, a tie goes to the smaller rate.</summary>
    /// <param name="method">Name of the method.</param>
    /// <param name="grid">The rates that were tried.</param>
    /// <param name="runs">Tuning runs of this method.</param>
    /// <param name="metric">The score, larger is better.</param>
    public static TuningWinner Of(string method, IReadOnlyList<double> grid, IEnumerable<RunRecord> runs, string metric)
    {
        var byRate = runs.ToLookup(r => r.Number("lr"));
        var best = (Rate: double.NaN, Score: Interval.Undefined);
        foreach (var rate in grid)
        {
            double[] scores = [.. byRate[rate].Select(r => r.Diverged is null ? r.Metric(metric) : double.NaN)];
            if (scores.Length == 0 || scores.Any(double.IsNaN))
                continue;
            var score = BootstrapInterval.OfMean(scores);
            if (double.IsNaN(best.Rate) || score.Estimate > best.Score.Estimate)
                best = (rate, score);
        }

        return new(method, best.Rate, grid, best.Score);
    }

    /// <summary>The winner as the report lists it.</summary>
    /// <param name="scoreName">What the score is.</param>
    public HyperparameterWinner ForReport(string scoreName) => new(this.Method, "lr", this.LearningRate, this.Grid, this.Score, scoreName);
}
