using System.Globalization;
using OptBias.Lab.Reports.Figures;
using OptBias.Lab.Statistics;
using OptBias.Lab.Storage;

namespace OptBias.Lab.Studies;

/// <summary>Whether the optimizer can be named from what a representation looks like.</summary>
internal static class NamingReport
{
    private static readonly string[] Features =
    [
        MetricNames.EffectiveRank, MetricNames.StableRank, MetricNames.ParticipationRatio, MetricNames.LifetimeSparseness,
        MetricNames.ClassSelectivity, MetricNames.MeanAbsoluteCorrelation, MetricNames.ClassMeanSimilarity,
    ];

    /// <summary>Each network is compared with every other: of more than these the time would be hours.</summary>
    private const int MostNetworks = 3000;

    /// <summary>Of fewer networks the share that is named right says nothing: one more or less moves it by a tenth.</summary>
    private const int FewestNetworks = 10;

    /// <summary>How it is done, for a report.</summary>
    public static string Method =>
        $"To name the optimizer of a network, {Features.Length} numbers of its representation ({string.Join(", ", Features.Select(f => ShownMetric.Of(f).Column.Name.ToLowerInvariant()))}) are compared with the mean of each optimizer's other networks, in standard deviations; the nearest names it. Networks of the same seed do not help. Of more than {MostNetworks} networks those of the first seeds are named.";

    /// <summary>Names the optimizer of every run that came to its end.</summary>
    /// <param name="plan">The plan, in whose order the names stand.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="leaveRatesOut">Whether runs of the same method at the same learning rate do not help either: naming at rates that were never seen.</param>
    /// <returns>Null where there are too few networks.</returns>
    public static Naming? Of(StudyPlan plan, IEnumerable<RunRecord> runs, bool leaveRatesOut)
    {
        RunRecord[] whole = [.. runs.Where(r => r.Diverged is null)];
        var networks = 0;
        var seeds = whole.GroupBy(r => r.Seed).OrderBy(g => g.Key).TakeWhile((seed, i) => (networks += seed.Count()) <= MostNetworks || i < 2).Select(g => g.Key).ToHashSet();
        var byMethod = whole.Where(r => seeds.Contains(r.Seed)).ToLookup(r => r.Method);
        NamedSample[] samples = [.. plan.Methods.SelectMany(m => byMethod[m.Name]).Select(r => new NamedSample(r.Method, r.Seed, r.Number("lr"), [.. Features.Select(r.Metric)]))];
        return samples.Length < FewestNetworks ? null : NearestCentroid.Of(
            samples, (one, other) => one.Seed == other.Seed || (leaveRatesOut && one.Name == other.Name && one.Rate == other.Rate));
    }

    /// <summary>"The optimizer is named right for 24 of 24 networks ...".</summary>
    /// <param name="naming">What was found.</param>
    /// <param name="how">What was left out: "seed left out".</param>
    public static string Sentence(Naming naming, string how) => string.Create(CultureInfo.InvariantCulture,
        $"From its representation alone the optimizer is named right for {naming.Hits} of {naming.Count} networks ({how}){(naming.Right.HasWidth ? $": {naming.Right.ToString("0.00")}" : "")}, where guessing gives {naming.Chance:0.00}{(naming.Right.HasWidth && naming.Right.Low <= naming.Chance ? ", which the interval includes" : "")}.");

    /// <summary>The confusion matrix.</summary>
    public static HeatMapFigure Figure(Naming naming)
    {
        var n = naming.Names.Count;
        var shares = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            var all = Enumerable.Range(0, n).Sum(j => naming.Confusion[i, j]);
            for (var j = 0; j < n; j++)
                shares[i, j] = all == 0 ? double.NaN : naming.Confusion[i, j] / (double)all;
        }

        return new()
        {
            Id = "naming",
            Title = "Which optimizer a network is taken for",
            Caption = $"Fraction of the networks of an optimizer (row) that are given a name (column) by their representation; {naming.Hits} of {naming.Count} right. {Method}",
            Value = new("fraction", Minimum: 0, Maximum: 1),
            Rows = naming.Names,
            Columns = naming.Names,
            RowLabel = "optimizer",
            ColumnLabel = "named",
            Panels = [new("", shares, "all")],
        };
    }
}
