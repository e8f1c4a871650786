using System.Globalization;
using System.Text;
using OptBias.Lab.Statistics;
using OptBias.Lab.Storage;
using OptBias.Lab.Studies;

namespace OptBias.Lab.Reports.Findings;

/// <summary>
/// Which share of each metric's variance the optimizer has, its learning rate, momentum, the network, its width, the data, the seed: the paper says that
/// the optimizer matters as architecture and data do.
/// </summary>
internal static class SharesPage
{
    private static readonly string[] Metrics =
    [
        MetricNames.LearningAccuracy, MetricNames.Forgetting, MetricNames.MaskedAverageAccuracy, MetricNames.EffectiveRank, MetricNames.ClassSelectivity, MetricNames.LifetimeSparseness,
        MetricNames.MeanAbsoluteCorrelation, MetricNames.ClassMeanSimilarity, MetricNames.WeightHoyer, MetricNames.RelativeWeightChange,
    ];

    /// <summary>The tables, in Markdown: one over networks, one over widths and data, one of momentum. A table whose factor does not vary is left out.</summary>
    /// <param name="sources">The studies.</param>
    public static string Markdown(IReadOnlyList<FindingsSource> sources)
    {
        var page = new StringBuilder();
        var continual = Runs(sources.Where(s => s.Study is ContinualStudy)).Where(run => Scenario(run) == "class-incremental").ToArray();
        Table(page, "Over networks, class-incremental digits", continual, [("optimizer", false, r => r.Method), ("learning rate", true, Rate), ("network", false, r => r.Settings["model"])]);
        Table(page, "Over widths and amounts of data", Runs(sources.Where(s => s.Study is ScaleStudy)), [("optimizer", false, r => r.Method), ("learning rate", true, Rate), ("width", false, r => r.Settings["model"]), ("data", false, r => r.Settings["fraction of the data"])]);
        Table(page, "Of momentum, among Sgd and SgdMomentum", [.. continual.Where(r => r.Method is "Sgd" or "SgdMomentum")], [("momentum", false, r => r.Method), ("learning rate", true, Rate), ("network", false, r => r.Settings["model"])]);
        return page.ToString();
    }

    private static string Rate(RunRecord run) => run.Settings["lr"];

    private static string Scenario(RunRecord run) => run.Settings.GetValueOrDefault("scenario", "").Split(' ')[0];

    private static IReadOnlyList<RunRecord> Runs(IEnumerable<FindingsSource> sources) =>
        [.. sources.SelectMany(s => s.Runs).Where(run => run.Phase == Phase.Result && run.Diverged is null)];

    private static void Table(StringBuilder page, string title, IReadOnlyList<RunRecord> runs, (string Name, bool IsNested, Func<RunRecord, string> Level)[] factors)
    {
        var varying = factors.Where(factor => runs.Select(factor.Level).Distinct().Count() > 1).ToArray();
        if (varying.Length < 2 || varying[0] != factors[0])
            return;

        // Only methods that ran in every setting: else a setting's mean is that of other methods.
        var settings = factors.Where(factor => !factor.IsNested).Skip(1).Select(factor => factor.Level).ToArray();
        string Setting(RunRecord run) => string.Join('\u001f', settings.Select(level => level(run)));
        var everywhere = runs.Select(Setting).Distinct().Count();
        var shown = runs.GroupBy(run => run.Method).Where(method => method.Select(Setting).Distinct().Count() == everywhere).SelectMany(method => method).ToArray();
        page.Append(CultureInfo.InvariantCulture, $"**{title}** ({shown.Length} runs; {string.Join(", ", shown.Select(r => r.Method).Distinct())})\n\n| metric |{string.Concat(varying.Select(f => $" {f.Name} |"))} rest |\n|---|{string.Concat(varying.Select(_ => "---|"))}---|\n");
        foreach (var metric in Metrics.Where(metric => shown.Any(run => run.Metrics.ContainsKey(metric))))
        {
            var shares = VarianceShares.Of(
                [.. shown.Select(run => ((IReadOnlyList<string>)[.. varying.Select(f => f.Level(run))], run.Seed, run.Metric(metric)))],
                [.. varying.Select(f => new VarianceFactor(f.Name, f.IsNested))]);
            page.Append(CultureInfo.InvariantCulture, $"| {EffectsPage.Cell(ShownMetric.Of(metric).Column.Name.ToLowerInvariant())} |{string.Concat(shares.Select(share => $" {share.ToString("0.00")} |"))}\n");
        }

        page.Append('\n');
    }
}
