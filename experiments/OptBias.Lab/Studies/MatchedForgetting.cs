using OptBias.Lab.Statistics;

namespace OptBias.Lab.Studies;

/// <summary>The difference of forgetting of two methods at equal learning accuracy, over the range that both reach.</summary>
/// <param name="Low">Lower end of the range of learning accuracy; NaN where the two do not meet.</param>
/// <param name="High">Upper end.</param>
/// <param name="Difference">Mean of method − baseline over the range, with its bootstrap interval over seeds.</param>
public sealed record MatchedForgetting(double Low, double High, Interval Difference)
{
    private const int Resamples = 2000;

    /// <summary>Compares two methods.</summary>
    /// <param name="method">Paths of the method, [seed][rate] of (learning accuracy, forgetting).</param>
    /// <param name="baseline">Paths of the baseline, the same seeds.</param>
    /// <remarks>
    /// A rate at which any seed diverged is no point of the path. The range is the one that every seed's own path reaches,
    /// so that every resample of the seeds reaches it too.
    /// </remarks>
    public static MatchedForgetting Of(IReadOnlyList<IReadOnlyList<(double X, double Y)>> method, IReadOnlyList<IReadOnlyList<(double X, double Y)>> baseline)
    {
        var (first, second) = (Whole(method), Whole(baseline));
        var reaches = first.Concat(second).Select(Frontier.Reach).ToArray();
        if (reaches.Length == 0 || reaches.Any(r => double.IsNaN(r.Low)))
            return new(double.NaN, double.NaN, Interval.Undefined);
        var (low, high) = (reaches.Max(r => r.Low), reaches.Min(r => r.High));
        return low >= high
            ? new(double.NaN, double.NaN, Interval.Undefined)
            : new(low, high, MatchedDifference.Over(first, second, low, high, resamples: Resamples));
    }

    /// <summary>The paths without the rates at which a seed diverged; its neighbours are joined.</summary>
    private static IReadOnlyList<IReadOnlyList<(double X, double Y)>> Whole(IReadOnlyList<IReadOnlyList<(double X, double Y)>> paths)
    {
        if (paths.Count == 0)
            return [];
        int[] kept = [.. Enumerable.Range(0, paths[0].Count).Where(i => paths.All(p => double.IsFinite(p[i].X) && double.IsFinite(p[i].Y)))];
        return [.. paths.Select(p => (IReadOnlyList<(double, double)>)[.. kept.Select(i => p[i])])];
    }
}
