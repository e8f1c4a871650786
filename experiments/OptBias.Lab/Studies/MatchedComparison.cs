using System.Globalization;
using OptBias.Lab.Statistics;

namespace OptBias.Lab.Studies;

/// <summary>The difference of two methods in a metric at equal learning accuracy, over the range that both reach.</summary>
/// <param name="Low">Lower end of the range of learning accuracy; NaN where the two do not meet.</param>
/// <param name="High">Upper end.</param>
/// <param name="Difference">Mean of method − baseline over the range, with its bootstrap interval over seeds.</param>
/// <param name="PerSeed">The same for each seed's own paths; NaN for a seed that reaches less than half of the range.</param>
public sealed record MatchedComparison(double Low, double High, Interval Difference, IReadOnlyList<double> PerSeed)
{
    /// <summary>A range of less than a point of accuracy says little: two methods that touch at one end.</summary>
    public const double NarrowRange = 0.01;

    private const int Resamples = 2000;

    /// <summary>Above this many seeds half of the resamples do: the interval is narrow, and their error is a fiftieth of it.</summary>
    private const int ManySeeds = 200;

    /// <summary>Whether the range is so narrow that the row is shown and not counted.</summary>
    public bool IsNarrow => this.High - this.Low < NarrowRange;

    /// <summary>The range in words: "at 0.934 to 0.971", "at 0.755 to 0.757, a narrow range", ", no learning accuracy that both reach".</summary>
    public string Range => !this.Difference.IsDefined ? ", no learning accuracy that both reach"
        : string.Create(CultureInfo.InvariantCulture, $" at {this.Low:0.000} to {this.High:0.000}{(this.IsNarrow ? ", a narrow range" : "")}");

    /// <summary>Compares two methods.</summary>
    /// <param name="method">Paths of the method, [seed][rate] of (learning accuracy, metric).</param>
    /// <param name="baseline">Paths of the baseline, the same seeds.</param>
    /// <param name="crossing">Which value counts where a path reaches a learning accuracy more than once.</param>
    /// <param name="range">The values that the metric can have.</param>
    /// <remarks>
    /// A rate at which any seed diverged is no point of the path. The range is the one that the mean paths of both reach: that of each single
    /// seed would hide what two methods have in common wherever one seed learns a little less.
    /// </remarks>
    public static MatchedComparison Of(
        IReadOnlyList<IReadOnlyList<(double X, double Y)>> method,
        IReadOnlyList<IReadOnlyList<(double X, double Y)>> baseline,
        Crossing crossing = Crossing.Least,
        MetricRange? range = null) => Of(Prepare(method), Prepare(baseline), crossing, range);

    /// <summary>The paths of a method that is compared with several others, for the other overload: its resamples are averaged once.</summary>
    /// <param name="method">[seed][rate] of (learning accuracy, metric).</param>
    internal static ResampledFrontier Prepare(IReadOnlyList<IReadOnlyList<(double X, double Y)>> method) => new(Whole(method));

    /// <summary>The same of prepared paths.</summary>
    internal static MatchedComparison Of(ResampledFrontier method, ResampledFrontier baseline, Crossing crossing = Crossing.Least, MetricRange? range = null)
    {
        var none = new MatchedComparison(double.NaN, double.NaN, Interval.Undefined, [.. method.Paths.Select(_ => double.NaN)]);
        if (method.Points == 0 || baseline.Points == 0)
            return none;
        var (first, second) = (method.Paths, baseline.Paths);
        var (low, high) = MatchedDifference.CommonReach(first, second);
        return double.IsNaN(low) || low >= high ? none : new(
            low,
            high,
            (range ?? MetricRange.Any).OfDifference.Cut(MatchedDifference.Over(method, baseline, low, high, resamples: first.Count > ManySeeds ? Resamples / 2 : Resamples, crossing: crossing)),
            MatchedDifference.PerSeed(first, second, low, high, crossing));
    }

    /// <summary>How much the difference of two methods changes from one setting to another: the second difference less the first, each over the range that both methods reach there.</summary>
    /// <param name="first">The paths at the first setting.</param>
    /// <param name="second">The paths at the second, of the same seeds.</param>
    /// <returns>Undefined where one of the settings has no common range, or the seeds are not the same.</returns>
    public static Interval Change(MatchedPaths first, MatchedPaths second)
    {
        var (a, b, c, d) = (Whole(first.Method), Whole(first.Baseline), Whole(second.Method), Whole(second.Baseline));
        if (new[] { a, b, c, d }.Any(paths => paths.Count == 0 || paths[0].Count == 0 || paths.Count != a.Count))
            return Interval.Undefined;
        var (low, high) = (MatchedDifference.CommonReach(a, b), MatchedDifference.CommonReach(c, d));
        return double.IsNaN(low.Low) || double.IsNaN(high.Low) ? Interval.Undefined : MatchedDifference.Change((a, b, low), (c, d, high), resamples: Resamples);
    }

    /// <summary>The mean of one method's metric over a range of learning accuracy; NaN where it does not reach half of it.</summary>
    /// <param name="method">Paths of the method, [seed][rate] of (learning accuracy, metric).</param>
    /// <param name="low">Lower end of the range.</param>
    /// <param name="high">Upper end of the range.</param>
    /// <param name="crossing">Which value counts where a path reaches a learning accuracy more than once.</param>
    public static double Level(IReadOnlyList<IReadOnlyList<(double X, double Y)>> method, double low, double high, Crossing crossing = Crossing.Least)
    {
        var whole = Whole(method);
        if (whole.Count == 0 || whole[0].Count == 0 || double.IsNaN(low))
            return double.NaN;
        IReadOnlyList<(double, double)> mean = Frontier.Mean(whole, [.. Enumerable.Range(0, whole.Count)]);
        IReadOnlyList<(double, double)> zero = [(low, 0), (high, 0)];
        return MatchedDifference.PerSeed([mean], [zero], low, high, crossing)[0];
    }

    /// <summary>The range of learning accuracy that all methods reach; NaN where there is none.</summary>
    /// <param name="methods">Paths of the methods, the same seeds.</param>
    public static (double Low, double High) Reach(IEnumerable<IReadOnlyList<IReadOnlyList<(double X, double Y)>>> methods)
    {
        var whole = methods.Select(Whole).ToArray();
        return whole.Any(paths => paths.Count == 0 || paths[0].Count == 0) ? (double.NaN, double.NaN) : MatchedDifference.CommonReach(whole);
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

/// <summary>The paths of a method and its baseline, [seed][rate] of (what is learnt, metric), of the same seeds.</summary>
/// <param name="Method">Paths of the method.</param>
/// <param name="Baseline">Paths of the baseline.</param>
public sealed record MatchedPaths(IReadOnlyList<IReadOnlyList<(double X, double Y)>> Method, IReadOnlyList<IReadOnlyList<(double X, double Y)>> Baseline);
