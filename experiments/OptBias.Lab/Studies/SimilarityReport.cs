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
        Question = "From the same initial weights and the same order of batches, do two optimizers end in different solutions? A difference counts only beyond what another seed does to one optimizer.",
        Answer = [.. this.Answer()],
        Method = [.. this.Describe()],
        Optimizers = [.. this.plan.Methods.Select(m => new ReportOptimizer(m.Name, m.Description))],
        Summary = this.Beyond(),
        FurtherTables = [this.Values(), this.Baseline(), this.Networks()],
        Figures = [.. Compared.Select(this.Map)],
        Winners = [.. new RunSelection(this.plan, this.runs, _ => true).Winners().Select(w => w.ForReport("accuracy on validation digits"))],
        DoesNotSay =
        [
            $"One network ({this.plan.Model.Name}) on one task. Networks that differ in what they compute on test digits may still generalise alike.",
            "A loss barrier is an upper bound: weight matching finds a good order of the units, not the best one.",
            "Each optimizer is at the learning rate with the best validation accuracy; another rate of the same optimizer gives another solution too.",
        ],
        Diverged = ReportRows.Diverged(this.runs),
        Settings = this.settings,
    };

    private double[] Of(string first, string second, string metric) =>
        ReportRows.Values(this.comparisons[SimilarityStudy.Pair(first, second)], this.plan.ResultSeeds, metric);

    /// <summary>What two optimizers differ by, less the mean of what another seed does to each.</summary>
    private Interval Excess(string first, string second, string metric)
    {
        var (cross, a, b) = (this.Of(first, second, metric), this.Of(first, first, metric), this.Of(second, second, metric));
        return BootstrapInterval.Of(this.plan.Seeds, seeds => Mean(cross, seeds) - ((Mean(a, seeds) + Mean(b, seeds)) / 2), resamples: 2000);

        static double Mean(double[] values, int[] seeds) => seeds.Select(s => values[s]).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
    }

    private IEnumerable<string> Answer()
    {
        var pairs = SimilarityStudy.Pairs(this.plan).ToArray();
        var excess = pairs.Select(p => (Name: $"{p.First} and {p.Second}", Value: this.Excess(p.First, p.Second, MetricNames.LinearCka))).Where(p => p.Value.IsDefined).ToArray();
        var less = excess.Where(p => p.Value.High < 0).OrderBy(p => p.Value.Estimate).ToArray();
        var more = excess.Count(p => p.Value.Low > 0);
        if (excess.Length == 0)
            yield break;
        yield return less.Length == 0
            ? "By linear CKA no two optimizers end further apart than two seeds of one optimizer."
            : $"By linear CKA {less.Length} of {excess.Length} pairs of optimizers end further apart than two seeds of one optimizer; furthest {less[0].Name} (CKA {less[0].Value.ToString("0.000")} against the seeds).";
        if (more > 0)
            yield return $"{more} of {excess.Length} pairs are nearer to each other than two seeds are: the start that they share shows more than the optimizer.";
    }

    private IEnumerable<string> Describe()
    {
        yield return string.Create(CultureInfo.InvariantCulture,
            $"Network {this.plan.Model.Name}, all ten digits, {Counted.Passes(this.plan.Preset.Epochs)} in batches of {this.plan.Preset.BatchSize}. With {Counted.Seeds(this.plan.Seeds)} every optimizer trains from the same initial weights through the same batches, at the learning rate with the best validation accuracy among {this.plan.Preset.Rates} (tuning seeds are not used again).");
        yield return "Two networks are compared on test digits: linear CKA (unbiased) and SVCCA of the penultimate layer, 1 is the same up to rotation and scale; orthogonal Procrustes distance, 0 is the same; the fraction of digits on which their predictions differ; the loss barrier on the straight line between their weights, as they are and after the units of one are reordered to match the other's.";
        if (ReportRows.Treatment(this.plan) is { } treatment)
            yield return treatment;
        yield return "The baseline is one optimizer with two seeds: other initial weights and another order of batches. The main table shows what two optimizers differ by at equal seed, less the mean of their two baselines.";
    }

    private SummaryTable Beyond() => new()
    {
        Title = "Difference between optimizers beyond that between seeds",
        Note = $"Optimizers at equal seed less the mean of both optimizers' seed-to-seed baselines{(this.plan.Seeds == 1 ? "" : $", with its 95% bootstrap interval over {this.plan.Seeds} seeds")}. CKA and SVCCA below zero, the others above zero: the optimizers differ by more than seeds do.",
        Metrics = [.. Compared.Select(m => ShownMetric.All[m].Column)],
        Rows = [.. SimilarityStudy.Pairs(this.plan).Select(p => new SummaryRow(p.First, [.. Compared.Select(m => this.Excess(p.First, p.Second, m))], $"against {p.Second}"))],
    };

    private SummaryTable Values() => this.Table("Between optimizers, at equal seed", SimilarityStudy.Pairs(this.plan).Select(p => (p.First, p.Second, $"against {p.Second}")));

    private SummaryTable Baseline() => this.Table("Between seeds, of one optimizer", this.Methods.Select(m => (m, m, "against another seed")));

    private SummaryTable Table(string title, IEnumerable<(string First, string Second, string Variant)> pairs) => new()
    {
        Title = title,
        Note = "Mean with its 95% bootstrap interval.",
        Metrics = [.. Compared.Select(m => ShownMetric.All[m].Column)],
        Rows = [.. pairs.Select(p => new SummaryRow(p.First, [.. Compared.Select(m => Summary.Of(this.Of(p.First, p.Second, m)).Mean)], p.Variant))],
    };

    private SummaryTable Networks()
    {
        string[] metrics = [MetricNames.AverageAccuracy, MetricNames.TopHessianEigenvalue, MetricNames.EffectiveRank, MetricNames.DeadUnits, MetricNames.WeightHoyer];
        var byMethod = this.runs.Where(r => r.Phase == Phase.Result).ToLookup(r => r.Method);
        return ReportRows.Table("The networks themselves", $"{Counted.MeanWithInterval(this.plan.Seeds)}.",
            metrics, this.Methods.Select(m => (m, "", (IReadOnlyList<RunRecord>)[.. byMethod[m]])), this.plan.ResultSeeds);
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
                values[i, j] = Summary.Of(this.Of(this.Methods[a], this.Methods[b], metric)).Mean.Estimate;
            }
        }

        return new()
        {
            Id = metric.Replace('_', '-'),
            Title = column.Name,
            Caption = $"{column.Description} On the diagonal: one optimizer with two seeds; off it: two optimizers with the same seed. Means over {Counted.Seeds(this.plan.Seeds)}.",
            Value = new(column.Name),
            Rows = this.Methods,
            Columns = this.Methods,
            Panels = [new("", values, "all")],
        };
    }
}
