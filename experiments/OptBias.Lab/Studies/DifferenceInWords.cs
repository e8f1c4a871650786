using OptBias.Lab.Statistics;

namespace OptBias.Lab.Studies;

/// <summary>Differences from a baseline in a sentence that claims no more than their intervals do: what includes zero has no direction.</summary>
internal static class DifferenceInWords
{
    /// <summary>More than these on one side are counted, and stand in the table.</summary>
    private const int MostNamed = 6;

    /// <summary>"Against AdamW, X is larger for A (0.08 [0.05, 0.11]) and smaller for none; for 3 others the interval includes no difference."</summary>
    /// <param name="what">What is larger or smaller: "the accuracy with a tenth of the weights".</param>
    /// <param name="baseline">What is compared with.</param>
    /// <param name="differences">Method and its difference from the baseline.</param>
    /// <param name="format">Format of the numbers.</param>
    /// <returns>Null where nothing could be compared.</returns>
    public static string? Of(string what, string baseline, IReadOnlyList<(string Method, Interval Difference)> differences, string format)
    {
        var defined = differences.Where(d => d.Difference.IsDefined).ToArray();
        if (defined.Length == 0)
            return null;
        if (defined.All(d => !d.Difference.HasEnds))
            return $"One seed cannot say whose {Bare(what)} differs from that of {baseline}.";
        var larger = defined.Where(d => d.Difference.Low > 0).ToArray();
        var smaller = defined.Where(d => d.Difference.High < 0).ToArray();
        var open = defined.Length - larger.Length - smaller.Length;
        return larger.Length + smaller.Length == 0
            ? $"Of {what}, no difference from {baseline} is seen: every interval includes zero."
            : $"Against {baseline}, {what} is larger for {Names(larger, format)} and smaller for {Names(smaller, format)}{(open == 0 ? "" : $"; for {open} {(open == 1 ? "other" : "others")} the interval includes no difference")}.";
    }

    private static string Names((string Method, Interval Difference)[] found, string format) => found.Length switch
    {
        0 => "none",
        > MostNamed => $"{found.Length} methods",
        _ => string.Join(", ", found.Select(f => $"{f.Method} ({f.Difference.ToString(format)})")),
    };

    private static string Bare(string what) => what.StartsWith("the ", StringComparison.Ordinal) ? what[4..] : what;
}
