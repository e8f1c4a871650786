using System.Globalization;
using OptBias.Lab.Reports;
using OptBias.Lab.Reports.Figures;
using OptBias.Lab.Statistics;
using OptBias.Lab.Storage;

namespace OptBias.Lab.Studies;

/// <summary>Turns the runs of the scale study into its report.</summary>
internal sealed class ScaleReport
{
    private const string Baseline = "AdamW";

    private static readonly string[] Main =
    [
        MetricNames.LearningAccuracy, MetricNames.AverageAccuracy, MetricNames.Forgetting, MetricNames.EffectiveRank, MetricNames.DeadUnits, MetricNames.WeightHoyer,
    ];

    private readonly ScaleStudy study;
    private readonly StudyPlan plan;
    private readonly IReadOnlyList<RunRecord> runs;
    private readonly ReportSettings settings;
    private readonly IReadOnlyList<(ScalePoint Point, RunSelection Selection, IReadOnlyList<(string Method, IReadOnlyList<RunRecord> Runs)> AtWinner)> points;

    public ScaleReport(ScaleStudy study, StudyPlan plan, IReadOnlyList<RunRecord> runs, ReportSettings settings)
    {
        (this.study, this.plan, this.runs, this.settings) = (study, plan, runs, settings);
        this.points = [.. ScaleStudy.Points(plan).Select(point =>
        {
            var selection = study.Select(plan, runs, ScaleStudy.At(plan, point));
            return (point, selection, selection.AtWinners());
        })];
    }

    private IEnumerable<string> Others => this.plan.Methods.Select(m => m.Name).Where(m => m != Baseline);

    public StudyReport Build() => new()
    {
        Study = this.study.Name,
        Title = "Scale",
        Question = "Do the optimizers' preferences grow, shrink or stay as the network gets wider and the data more?",
        Answer = [.. this.Answer()],
        Method =
        [
            this.plan.Of(ScaleStudy.Scenario).Description,
            string.Create(CultureInfo.InvariantCulture, $"{this.plan.Model.Kind.Name} networks of depth {this.plan.Model.Depth}; {Counted.Passes(this.plan.Preset.Epochs)} over each task in batches of {this.plan.Preset.BatchSize}. At every width and fraction of the data each optimizer is tuned anew over {this.plan.Preset.Rates} learning rates on validation images, with {Counted.Seeds(this.plan.Preset.TuningSeeds)} that the results do not use; results run {this.plan.Preset.ResultExtent} with {Counted.Seeds(this.plan.Seeds)}."),
            "A smaller fraction of the data is part of a larger one, and takes fewer steps: less data is also less training.",
            .. new[] { ReportRows.Treatment(this.plan) }.OfType<string>(),
        ],
        Optimizers = ReportRows.Optimizers(this.plan),
        Summary = ReportRows.Table("By width and fraction of the data", $"{Counted.MeanWithInterval(this.plan, this.runs)}, each optimizer at the learning rate that tuning chose there.", Main,
            this.points.SelectMany(Rows), this.plan.ResultSeeds),
        FurtherTables = [.. this.Tables()],
        Figures = [.. this.Figures()],
        Winners = [.. this.points.SelectMany(p => p.Selection.Winners().Select(w => w.ForReport($"average accuracy on validation images, {Name(p.Point)}")))],
        DoesNotSay =
        [
            "Widths on one kind of network and small images; depth is not varied.",
            "One range of learning rates for all widths: where a winner sits on the edge of the grid, the comparison at that width is weaker.",
        ],
        Diverged = ReportRows.Diverged(this.runs),
        Settings = this.settings,
    };

    private static string Name(ScalePoint point) => string.Create(CultureInfo.InvariantCulture, $"width {point.Width}{(point.Fraction < 1 ? $", {point.Fraction:0.##} of the data" : "")}");

    private static IEnumerable<(string Method, string Variant, IReadOnlyList<RunRecord> Runs)> Rows(
        (ScalePoint Point, RunSelection Selection, IReadOnlyList<(string Method, IReadOnlyList<RunRecord> Runs)> AtWinner) point) =>
    [
        .. point.Selection.Untrained().Select(u => (UntrainedTrial.Name, Name(point.Point), u.Runs)),
        .. point.AtWinner.Select(r => (r.Method, Name(point.Point), r.Runs)),
    ];

    private IEnumerable<string> Answer()
    {
        var wide = this.points.Where(p => p.Point.Fraction == 1).OrderBy(p => p.Point.Width).Select(p => (Name(p.Point), p.Selection)).ToArray();
        var much = this.points.Where(p => p.Point.Width == this.plan.Model.Width).OrderBy(p => p.Point.Fraction).Select(p => (p.Point.Fraction == 1 ? "all of the data" : string.Create(CultureInfo.InvariantCulture, $"{p.Point.Fraction:0.##} of it"), p.Selection)).ToArray();
        foreach (var (what, ends) in new[] { ("width", wide), ("data", much) })
        {
            if (ends.Length < 2 || !this.plan.Methods.Any(m => m.Name == Baseline))
                continue;
            foreach (var method in this.Others)
                yield return ScaleAnswer.Say(what, method, Baseline, ends[0], ends[^1]);
        }
    }

    private static MatchedComparison Matched(RunSelection selection, string method)
    {
        var frontiers = selection.Frontiers();
        return MatchedComparison.Of(frontiers[method], frontiers.GetValueOrDefault(Baseline, []), range: ShownMetric.Of(MetricNames.Forgetting).Values);
    }

    private IEnumerable<SummaryTable> Tables()
    {
        if (this.plan.Methods.Any(m => m.Name == Baseline))
        {
            yield return new()
            {
                Title = $"Forgetting at equal learning accuracy, less that of {Baseline}",
                Note = $"Mean difference over the range of learning accuracy that the mean paths of both reach, which stands beside each row, with its {Counted.IntervalName(this.plan.Seeds)} over seeds. Below zero: forgets less.",
                Metrics = [new("Difference of forgetting", "", Better.Lower)],
                Rows = [.. from point in this.points
                           from method in this.Others
                           let matched = Matched(point.Selection, method)
                           select new SummaryRow(method, [matched.Difference], Name(point.Point) + matched.Range)],
            };
        }

        yield return ReportRows.Table("Pruning, rank and redundancy", $"{Counted.MeanWithInterval(this.plan, this.runs)}.",
            [MetricNames.LargestSparsity, MetricNames.ParticipationRatio, MetricNames.LifetimeSparseness, MetricNames.MeanAbsoluteCorrelation, MetricNames.NearestClassMeanAccuracy],
            this.points.SelectMany(Rows), this.plan.ResultSeeds);
    }

    private IEnumerable<Figure> Figures()
    {
        var wide = this.points.Where(p => p.Point.Fraction == 1).OrderBy(p => p.Point.Width).ToArray();
        if (this.plan.Methods.Any(m => m.Name == Baseline))
        {
            yield return new LineFigure
            {
                Id = "forgetting-by-width",
                Title = $"Forgetting at equal learning accuracy, less that of {Baseline}",
                Caption = $"{Counted.MeanWithInterval(this.plan, this.runs)}. Below zero: forgets less than {Baseline}.",
                X = new("width", "units", Logarithmic: true),
                Y = new("difference of forgetting"),
                Series = [.. this.Others.Select(m => new LineSeries(m, [.. wide.Select(p => (double)p.Point.Width)], [.. wide.Select(p => Matched(p.Selection, m).Difference)]))],
            };
        }

        foreach (var metric in new[] { MetricNames.AverageAccuracy, MetricNames.EffectiveRank, MetricNames.WeightHoyer })
        {
            yield return this.Over(metric, "width", new("width", "units", Logarithmic: true), wide.Select(p => ((double)p.Point.Width, p.Selection, p.AtWinner)));
            var byData = this.points.Where(p => p.Point.Width == this.plan.Model.Width).OrderBy(p => p.Point.Fraction).ToArray();
            if (byData.Length > 1)
                yield return this.Over(metric, "data", new("fraction of the data", Logarithmic: true), byData.Select(p => (p.Point.Fraction, p.Selection, p.AtWinner)));
        }
    }

    private LineFigure Over(string metric, string what, Axis axis, IEnumerable<(double X, RunSelection Selection, IReadOnlyList<(string Method, IReadOnlyList<RunRecord> Runs)> AtWinner)> at)
    {
        var all = at.ToArray();
        var column = ShownMetric.All[metric].Column;
        return new()
        {
            Id = $"{metric.Replace('_', '-')}-by-{what}",
            Title = $"{column.Name} by {what}",
            Caption = $"{column.Description} {Counted.MeanWithInterval(this.plan, this.runs)}, at the learning rate tuned there.",
            X = axis,
            Y = new(column.Name.ToLowerInvariant()),
            Series =
            [
                .. this.plan.Methods.Select(m => new LineSeries(m.Name, [.. all.Select(p => p.X)],
                    [.. all.Select(p => ReportRows.Mean(p.AtWinner.Single(r => r.Method == m.Name).Runs, this.plan.ResultSeeds, metric))])),
                new LineSeries(UntrainedTrial.Name, [.. all.Select(p => p.X)],
                    [.. all.Select(p => ReportRows.Mean(p.Selection.Untrained().SelectMany(u => u.Runs), this.plan.ResultSeeds, metric))]),
            ],
        };
    }
}
