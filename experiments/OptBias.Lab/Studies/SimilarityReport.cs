using System.Globalization;
using OptBias.Lab.Reports;
using OptBias.Lab.Reports.Figures;
using OptBias.Lab.Statistics;
using OptBias.Lab.Storage;

namespace OptBias.Lab.Studies;

/// <summary>Turns the runs of the similarity study into its report.</summary>
internal sealed class SimilarityReport
{
    private static readonly string[] Compared =
    [
        MetricNames.LinearCka, MetricNames.Svcca, MetricNames.ProcrustesDistance, MetricNames.PredictionDisagreement, MetricNames.LossBarrier, MetricNames.MatchedLossBarrier,
    ];

    /// <summary>More pairs than these are counted, and stand in the table.</summary>
    private const int MostNamed = 6;

    private readonly SimilarityStudy study;
    private readonly StudyPlan plan;
    private readonly IReadOnlyList<RunRecord> runs;
    private readonly ReportSettings settings;
    private readonly ILookup<string, RunRecord> comparisons;

    public SimilarityReport(SimilarityStudy study, StudyPlan plan, IReadOnlyList<RunRecord> runs, ReportSettings settings)
    {
        (this.study, this.plan, this.runs, this.settings) = (study, plan, runs, settings);
        this.comparisons = runs.Where(r => r.Phase == Phase.Comparison).ToLookup(r => r.Method);
    }

    private IReadOnlyList<string> Methods => [.. this.plan.Methods.Select(m => m.Name)];

    public StudyReport Build() => new()
    {
        Study = this.study.Name,
        Title = "Similarity of solutions",
        Question = "Do two optimizers end in different solutions, by more than two seeds of one optimizer do? Both are compared across the same pairs of seeds: other initial weights, another order of batches.",
        Answer = [.. this.Answer()],
        Method = [.. this.Describe()],
        Optimizers = ReportRows.Optimizers(this.plan),
        Summary = this.Beyond(),
        FurtherTables = [this.Across(), this.Baseline(), this.EqualSeeds(), this.Networks()],
        Figures = [.. new[] { this.Named() is { } naming ? NamingReport.Figure(naming) : null }.OfType<Figure>(), .. Compared.Select(this.Map)],
        Winners = [.. new RunSelection(this.plan, this.runs, _ => true).Winners().Select(w => w.ForReport("accuracy on validation images"))],
        DoesNotSay =
        [
            $"One network ({this.plan.Model.Name}) on one task. Networks that differ in what they compute on test images may still generalise alike.",
            "A loss barrier is an upper bound: weight matching finds a good order of the units, not the best one.",
            "Each optimizer is at the learning rate with the best validation accuracy; another rate of the same optimizer gives another solution too.",
        ],
        Diverged = ReportRows.Diverged(this.runs),
        Settings = this.settings,
    };

    /// <summary>A metric of two networks for each seed, at equal seed or between the seed and the next.</summary>
    private double[] Of(string first, string second, string metric, bool acrossSeeds) => ReportRows.Values(
        this.comparisons[SimilarityStudy.Pair(first, second)].Where(r => r.Number(ComparisonTrial.SecondSeedSetting) == r.Seed != acrossSeeds),
        acrossSeeds ? [.. SimilarityStudy.Ring(this.plan).Select(p => p.Seed)] : this.plan.ResultSeeds,
        metric);

    /// <summary>What two optimizers differ by across seeds, less the mean of what seeds do to each: pair of seeds by pair of seeds.</summary>
    private Interval Excess(string first, string second, string metric)
    {
        var (cross, a, b) = (this.Of(first, second, metric, true), this.Of(first, first, metric, true), this.Of(second, second, metric, true));
        return ShownMetric.Of(metric).Values.OfDifference.Cut(Summary.Of(cross.Select((value, i) => value - ((a[i] + b[i]) / 2))).Mean);
    }

    /// <summary>Whether the optimizer can be told from the representation of a network whose seed is not known; null where there is nothing to tell from.</summary>
    private Naming? Named() => NamingReport.Of(this.plan, this.runs.Where(r => r.Phase == Phase.Result), leaveRatesOut: false);

    private IEnumerable<string> Answer()
    {
        var pairs = SimilarityStudy.Pairs(this.plan).ToArray();
        var excess = pairs.Select(p => (Name: $"{p.First} and {p.Second}", Value: this.Excess(p.First, p.Second, MetricNames.LinearCka))).Where(p => p.Value.IsDefined).ToArray();
        var less = excess.Where(p => p.Value.High < 0).ToArray();
        var more = excess.Count(p => p.Value.Low > 0);
        if (excess.Length == 0)
            yield break;
        if (excess.All(p => !p.Value.HasEnds))
        {
            yield return "One pair of seeds cannot say which optimizers end further apart than seeds do.";
            yield break;
        }

        yield return less.Length == 0
            ? "By linear CKA no two optimizers end further apart than two seeds of one optimizer."
            : $"By linear CKA {less.Length} of {excess.Length} pairs of optimizers end further apart than two seeds of one optimizer{(less.Length > MostNamed ? "" : $" (CKA less that of the seeds): {string.Join("; ", less.Select(p => $"{p.Name} {p.Value.ToString("0.000")}"))}")}.";
        if (more > 0)
            yield return $"{more} of {excess.Length} pairs are nearer to each other than the seeds of one of them are on average.";
        if (this.Named() is { } naming)
            yield return NamingReport.Sentence(naming, "seed left out");
    }

    private IEnumerable<string> Describe()
    {
        yield return string.Create(CultureInfo.InvariantCulture,
            $"Network {this.plan.Model.Name}, all classes, {Counted.Passes(this.plan.Preset.Epochs)} in batches of {this.plan.Preset.BatchSize}. With {Counted.Seeds(this.plan.Seeds)} every optimizer trains from the same initial weights through the same batches, at the learning rate with the best validation accuracy among {this.plan.Preset.Rates} (tuning seeds are not used again).");
        yield return "Two networks are compared on test images: linear CKA (unbiased) and SVCCA of the penultimate layer, 1 is the same up to rotation and scale; orthogonal Procrustes distance, 0 is the same; the fraction of digits on which their predictions differ; the loss barrier on the straight line between their weights, as they are and after the units of one are reordered to match the other's.";
        if (ReportRows.Treatment(this.plan) is { } treatment)
            yield return treatment;
        yield return "The baseline is one optimizer with two seeds: other initial weights and another order of batches. Two optimizers are compared across the same two seeds, and the main table shows what they differ by there, less the mean of their two baselines. At equal seed they also share their start; those numbers stand in a table of their own and are not compared with the baseline.";
        yield return NamingReport.Method;
    }

    private SummaryTable Beyond() => new()
    {
        Title = "Difference between optimizers beyond that between seeds",
        Note = $"Two optimizers across seeds less the mean of both optimizers' own differences across the same seeds{(this.plan.Seeds < 3 ? "" : $", with its {Counted.IntervalName(this.plan.Seeds)} over {this.plan.Seeds} pairs of seeds")}. CKA and SVCCA below zero, the others above zero: the optimizers differ by more than seeds do.",
        Metrics = [.. Compared.Select(m => ShownMetric.All[m].Column)],
        Rows = [.. SimilarityStudy.Pairs(this.plan).Select(p => new SummaryRow(p.First, [.. Compared.Select(m => this.Excess(p.First, p.Second, m))], $"against {p.Second}"))],
    };

    private SummaryTable Across() => this.Table("Between optimizers, across seeds", SimilarityStudy.Pairs(this.plan).Select(p => (p.First, p.Second, $"against {p.Second}")), acrossSeeds: true);

    private SummaryTable Baseline() => this.Table("Between seeds, of one optimizer", this.Methods.Select(m => (m, m, "against another seed")), acrossSeeds: true);

    private SummaryTable EqualSeeds() => this.Table("Between optimizers, at equal seed", SimilarityStudy.Pairs(this.plan).Select(p => (p.First, p.Second, $"against {p.Second}")), acrossSeeds: false);

    private SummaryTable Table(string title, IEnumerable<(string First, string Second, string Variant)> pairs, bool acrossSeeds) => new()
    {
        Title = title,
        Note = $"Mean with its {Counted.IntervalName(this.plan.Seeds)}.",
        Metrics = [.. Compared.Select(m => ShownMetric.All[m].Column)],
        Rows = [.. pairs.Select(p => new SummaryRow(p.First, [.. Compared.Select(m => ShownMetric.Of(m).Values.Cut(Summary.Of(this.Of(p.First, p.Second, m, acrossSeeds)).Mean))], p.Variant))],
    };

    private SummaryTable Networks()
    {
        string[] metrics = [MetricNames.AverageAccuracy, MetricNames.TopHessianEigenvalue, MetricNames.EffectiveRank, MetricNames.DeadUnits, MetricNames.WeightHoyer, MetricNames.RelativeWeightChange];
        var byMethod = this.runs.Where(r => r.Phase == Phase.Result).ToLookup(r => r.Method);
        return ReportRows.Table("The networks themselves", $"{Counted.MeanWithInterval(this.plan, this.runs)}.",
            metrics, ReportRows.WithUntrained(new(this.plan, this.runs, _ => true), this.Methods.Select(m => (m, "", (IReadOnlyList<RunRecord>)[.. byMethod[m]]))), this.plan.ResultSeeds);
    }

    private HeatMapFigure Map(string metric)
    {
        var column = ShownMetric.All[metric].Column;
        var n = this.Methods.Count;
        var values = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var (a, b) = i <= j ? (i, j) : (j, i);
                values[i, j] = Summary.Of(this.Of(this.Methods[a], this.Methods[b], metric, acrossSeeds: true)).Mean.Estimate;
            }
        }

        return new()
        {
            Id = metric.Replace('_', '-'),
            Title = column.Name,
            Caption = $"{column.Description} On the diagonal: one optimizer with two seeds; off it: two optimizers with the same two seeds. Means over {Counted.Seeds(this.plan.Seeds)}.",
            Value = new(column.Name),
            Rows = this.Methods,
            Columns = this.Methods,
            Panels = [new("", values, "all")],
        };
    }
}
