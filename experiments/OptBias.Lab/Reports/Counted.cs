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

    /// <summary>What a table's numbers are: means with intervals, or those of a single seed, of which no interval can be told.</summary>
    public static string MeanWithInterval(int seeds) => seeds == 1
        ? "From 1 seed, so without intervals"
        : $"Mean over {Seeds(seeds)} with its 95% bootstrap interval";

    /// <summary>The same as part of a sentence: "mean and 95% interval over 6 seeds", "1 seed".</summary>
    public static string MeanAndInterval(int seeds) => seeds == 1 ? "1 seed" : $"mean and 95% interval over {Seeds(seeds)}";

    private static string Of(int count, string one, string many) => count == 1 ? $"1 {one}" : FormattableString.Invariant($"{count} {many}");
}
