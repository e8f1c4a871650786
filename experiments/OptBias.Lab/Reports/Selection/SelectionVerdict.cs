using System.Globalization;
using OptBias.Lab.Reports.Page;
using OptBias.Lab.Statistics;

namespace OptBias.Lab.Reports.Selection;

/// <summary>One or two sentences on what to choose and how sure that is; the terminal and the page say the same.</summary>
public static class SelectionVerdict
{
    /// <summary>Probability from which on the seeds are said to support a choice.</summary>
    public const double Sure = 0.95;

    /// <summary>The verdict.</summary>
    public static string Say(SelectionReport report)
    {
        var top = report.Ranking[0];
        var wishes = report.Wishes.Count == 1 ? "the wish" : $"all {report.Wishes.Count} wishes";
        if (report.Seeds < 2)
            return $"There is one seed only, so nothing can be said about how sure this is. In it, {(top.All > 0 ? $"{top.Optimizer} meets {wishes}" : $"no optimizer meets {wishes}")}.";

        var also = report.Ranking.Skip(1).TakeWhile(r => r.All >= Sure).Select(r => r.Optimizer).ToArray();
        var runnerUp = report.Ranking.Count > 1 && report.Ranking[1].All > 0
            ? $" {report.Ranking[1].Optimizer} follows with {Numbers.Probability(report.Ranking[1].All)}."
            : "";
        var p = Numbers.Probability(top.All);
        return top.All switch
        {
            >= Sure when also.Length > 0 => $"{top.Optimizer} and {string.Join(", ", also)} all meet {wishes} with a probability of {Sure.ToString(CultureInfo.InvariantCulture)} or more: these wishes do not tell them apart.",
            >= Sure => $"{top.Optimizer} meets {wishes} with probability {p}; {Counted.Seeds(report.Seeds)} {(report.Seeds == 1 ? "supports" : "support")} that choice.{runnerUp}",
            >= 0.5 => $"{top.Optimizer} is likelier than not to meet {wishes} (probability {p}), but {Counted.Seeds(report.Seeds)} {(report.Seeds == 1 ? "leaves" : "leave")} it open; {Weakest(report, top)}.{runnerUp}",
            > 0 => $"No optimizer is likely to meet {wishes}. {top.Optimizer} comes nearest (probability {p}); {Weakest(report, top)}.{runnerUp}",
            _ => $"No optimizer meets {wishes} {(report.Seeds == 1 ? "with its 1 seed" : $"in any resample of the {report.Seeds} seeds")}. {top.Optimizer} comes nearest; {Weakest(report, top)}.",
        };
    }

    private static string Weakest(SelectionReport report, WishRanking ranking)
    {
        var k = Enumerable.Range(0, report.Wishes.Count).MinBy(i => ranking.Each[i]);
        return $"the wish that it misses most is {report.Wishes[k]}, where its mean is {ranking.Means[k].ToString("0.###")} (probability {Numbers.Probability(ranking.Each[k])})";
    }
}
