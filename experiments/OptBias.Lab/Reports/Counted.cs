using OptBias.Lab.Statistics;
using OptBias.Lab.Storage;
using OptBias.Lab.Studies;

namespace OptBias.Lab.Reports;

/// <summary>Counts in prose: "1 seed", "6 seeds".</summary>
internal static class Counted
{
    /// <summary>"1 seed", "6 seeds".</summary>
    public static string Seeds(int count) => Of(count, "seed", "seeds");

    /// <summary>"1 pass", "3 passes".</summary>
    public static string Passes(int count) => Of(count, "pass", "passes");

    /// <summary>"1 run", "66 runs".</summary>
    public static string Runs(int count) => Of(count, "run", "runs");

    /// <summary>What an interval over so many seeds is: the bootstrap needs five values, and of fewer it is Student's.</summary>
    public static string IntervalName(int seeds) => seeds >= BootstrapInterval.FewestForPercentiles ? "95% bootstrap interval" : "95% interval (Student's t)";

    /// <summary>What a table's numbers are: means with intervals, or those of a single seed, of which no interval can be told.</summary>
    /// <param name="seeds">The seeds.</param>
    /// <param name="planned">How many there are to be; more than <paramref name="seeds"/> where the study is not finished.</param>
    public static string MeanWithInterval(int seeds, int? planned = null)
    {
        var missing = Missing(seeds, planned);
        return seeds switch
        {
            0 => "No seed is finished",
            1 => $"From 1 seed{missing}, so without intervals",
            _ => $"Mean over {Seeds(seeds)}{missing} with its {IntervalName(seeds)}",
        };
    }

    /// <summary>The same of a study's runs.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="runs">Every finished run.</param>
    public static string MeanWithInterval(StudyPlan plan, IEnumerable<RunRecord> runs) => MeanWithInterval(Finished(plan, runs), plan.Seeds);

    /// <summary>The same as part of a sentence: "mean and 95% interval over 6 seeds", "1 seed".</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="runs">Every finished run.</param>
    public static string MeanAndInterval(StudyPlan plan, IEnumerable<RunRecord> runs)
    {
        var seeds = Finished(plan, runs);
        var missing = Missing(seeds, plan.Seeds);
        return seeds <= 1 ? Seeds(seeds) + missing : $"mean and {IntervalName(seeds)} over {Seeds(seeds)}{missing}";
    }

    private static string Missing(int seeds, int? planned) => planned > seeds ? $" of {planned} (the study is not finished)" : "";

    /// <summary>The most seeds that any number of the study is over. A run that diverged has come to its end.</summary>
    private static int Finished(StudyPlan plan, IEnumerable<RunRecord> runs) =>
        runs.Where(r => r.Phase == Phase.Result).GroupBy(r => r.Method).Select(g => g.Select(r => r.Seed).Distinct().Count()).DefaultIfEmpty(0).Max() is var most && most < plan.Seeds ? most : plan.Seeds;

    private static string Of(int count, string one, string many) => count == 1 ? $"1 {one}" : FormattableString.Invariant($"{count} {many}");
}
