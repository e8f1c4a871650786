using System.Globalization;
using OptBias.Lab.Reports;
using OptBias.Lab.Reports.Figures;
using OptBias.Lab.Storage;

namespace OptBias.Lab.Studies;

/// <summary>The report of a training study that has none of its own.</summary>
internal sealed class PlainReport(TrainingStudy study, StudyPlan plan, IReadOnlyList<RunRecord> runs, ReportSettings settings)
{
    private static readonly string[] Usual =
    [
        MetricNames.LearningAccuracy, MetricNames.AverageAccuracy, MetricNames.Forgetting, MetricNames.LargestSparsity, MetricNames.EffectiveRank, MetricNames.WeightHoyer,
    ];

    public StudyReport Build()
    {
        var all = study.Settings(plan);
        var columns = Usual.Where(m => runs.Any(r => r.Metrics.ContainsKey(m))).Concat(study.Measures.Keys).ToArray();
        var tables = all.Select(s => this.Table(s, columns)).ToArray();
        var main = study.Select(plan, runs, all[0]);
        return new()
        {
            Study = study.Name,
            Title = study.Name,
            Question = study.Summary,
            Method =
            [
                .. all.Select(s => s.Scenario.Description).Distinct(),
                string.Create(CultureInfo.InvariantCulture, $"Every method has {plan.Preset.Rates} learning rates; the rate is chosen on validation digits with {Counted.Seeds(plan.Preset.TuningSeeds)} that the results do not use."),
            ],
            Optimizers = ReportRows.Optimizers(plan),
            Summary = tables[0],
            FurtherTables = [.. tables.Skip(1)],
            Figures = [.. columns.Take(1).Concat(study.Measures.Keys).Distinct().Select(m => this.OverRates(main, m))],
            Winners = [.. all.SelectMany(s => study.Select(plan, runs, s).Winners()).Select(w => w.ForReport("average accuracy on validation digits"))],
            Tests = ReportRows.Tests(columns, main.AtWinners(), ["AdamW", "Sgd"], plan.ResultSeeds),
            Diverged = ReportRows.Diverged(runs),
            Settings = settings,
        };
    }

    private SummaryTable Table(Setting setting, IReadOnlyList<string> columns) => ReportRows.Table(
        $"{setting.Scenario.Name}, {setting.Model.Name}",
        $"{Counted.MeanWithInterval(plan.Seeds)}, each method at the learning rate that tuning chose.",
        columns, ReportRows.WithUntrained(study.Select(plan, runs, setting), study.Select(plan, runs, setting).AtWinners().Select(r => (r.Method, "", r.Runs))), plan.ResultSeeds);

    private LineFigure OverRates(RunSelection selection, string metric)
    {
        var atRates = selection.AtRates();
        return new()
        {
            Id = string.Concat(metric.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-')) + "-over-rates",
            Title = $"{ShownMetric.Of(metric).Column.Name} over the learning rates",
            Caption = $"{Counted.MeanWithInterval(plan.Seeds)}.",
            X = new("learning rate", Logarithmic: true),
            Y = new(ShownMetric.Of(metric).Column.Name.ToLowerInvariant()),
            Series = [.. plan.Methods.Select(m => new LineSeries(m.Name,
                [.. atRates[m.Name].Select(r => r.Rate)],
                [.. atRates[m.Name].Select(r => ReportRows.MeanOfAll(r.Runs, plan.ResultSeeds, metric))]))],
            References = ReportRows.UntrainedLine(selection, metric),
        };
    }
}
