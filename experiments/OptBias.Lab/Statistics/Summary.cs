namespace OptBias.Lab.Statistics;

/// <summary>A sample in a row: how many values, how many of them defined, and the mean of those with its interval.</summary>
/// <param name="Count">All values.</param>
/// <param name="Undefined">Those that are not finite: diverged runs, metrics without a value. To be shown beside the mean, never dropped in silence.</param>
/// <param name="Mean">Mean of the others with its 95% bootstrap interval; undefined where there are none.</param>
public sealed record Summary(int Count, int Undefined, Interval Mean)
{
    /// <summary>Summarizes values, one per seed.</summary>
    public static Summary Of(IEnumerable<double> values, int seed = 0)
    {
        var all = values.ToArray();
        var finite = all.Where(double.IsFinite).ToArray();
        var mean = BootstrapInterval.OfMean(finite, seed);
        return new(all.Length, all.Length - finite.Length, finite.Length is 0 || finite.Length == all.Length ? mean : mean with { Count = all.Length, Missing = all.Length - finite.Length });
    }
}
