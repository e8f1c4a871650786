using System.Globalization;
using OptBias.Lab.Reports;
using OptBias.Lab.Reports.Figures;
using OptBias.Lab.Statistics;
using OptBias.Lab.Storage;

namespace OptBias.Lab.Studies;

/// <summary>The report of a training study that has none of its own.</summary>
internal sealed class PlainReport(TrainingStudy study, StudyPlan plan, IReadOnlyList<RunRecord> runs, ReportSettings settings)
{
    private static readonly string[] Usual =
    [
        MetricNames.LearningAccuracy, MetricNames.AverageAccuracy, MetricNames.Forgetting, MetricNames.LargestSparsity, MetricNames.EffectiveRank, MetricNames.WeightHoyer,
    ];

    private static readonly string[] Baselines = ["AdamW", "Sgd"];

    public StudyReport Build()
    {
        var all = study.Settings(plan);
        // What the study itself measures comes first: it is what it was made for.
        string[] columns = [.. study.Measures.Keys, .. Usual.Where(m => !study.Measures.ContainsKey(m) && runs.Any(r => r.Metrics.ContainsKey(m)))];
        var tables = all.Select(s => this.Table(s, columns)).ToArray();
        var main = study.Select(plan, runs, all[0]);
        return new()
        {
            Study = study.Name,
            Title = study.Name,
            Question = study.Summary,
            Answer = [.. this.Answer(main, columns)],
            Method =
            [
                .. all.Select(s => s.Scenario.Description).Distinct(),
                string.Create(CultureInfo.InvariantCulture, $"Every method has {plan.Preset.Rates} learning rates; the rate is chosen on validation images with {Counted.Seeds(plan.Preset.TuningSeeds)} that the results do not use."),
            ],
            Optimizers = ReportRows.Optimizers(plan),
            Summary = tables[0],
            FurtherTables = [.. tables.Skip(1)],
            Figures = [.. study.Measures.Keys.Concat(columns.Take(1)).Append(MetricNames.LearningAccuracy).Distinct().Intersect(columns).Select(m => this.OverRates(main, m))],
            Winners = [.. all.SelectMany(s => study.Select(plan, runs, s).Winners()).Select(w => w.ForReport("average accuracy on validation images"))],
            Tests = ReportRows.Tests(columns, main.AtWinners(), Baselines, plan.ResultSeeds),
            Diverged = ReportRows.Diverged(runs),
            Settings = settings,
        };
    }

    /// <summary>What differs from the baseline in the study's own measures; without any, in the first of the usual ones.</summary>
    private IEnumerable<string> Answer(RunSelection main, IReadOnlyList<string> columns)
    {
        var winners = main.AtWinners();
        var baseline = Baselines.FirstOrDefault(b => winners.Any(w => w.Method == b)) ?? winners[0].Method;
        var with = winners.Single(w => w.Method == baseline).Runs;
        foreach (var metric in study.Measures.Count > 0 ? study.Measures.Keys : columns.Take(1))
        {
            var differences = winners.Where(w => w.Method != baseline).Select(w => (w.Method,
                ShownMetric.Of(metric).Values.OfDifference.Cut(Summary.Of(ReportRows.Values(w.Runs, plan.ResultSeeds, metric).Zip(ReportRows.Values(with, plan.ResultSeeds, metric), (a, b) => a - b)).Mean))).ToArray();
            if (DifferenceInWords.Of(ShownMetric.Of(metric).Column.Name.ToLowerInvariant(), baseline, differences, ShownMetric.Of(metric).Column.Format) is { } sentence)
                yield return sentence;
        }
    }

    private SummaryTable Table(Setting setting, IReadOnlyList<string> columns) => ReportRows.Table(
        $"{setting.Scenario.Name}, {setting.Model.Name}",
        $"{Counted.MeanWithInterval(plan, runs)}, each method at the learning rate that tuning chose.",
        columns, ReportRows.WithUntrained(study.Select(plan, runs, setting), study.Select(plan, runs, setting).AtWinners().Select(r => (r.Method, "", r.Runs))), plan.ResultSeeds);

    private LineFigure OverRates(RunSelection selection, string metric)
    {
        var atRates = selection.AtRates();
        return new()
        {
            Id = string.Concat(metric.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-')) + "-over-rates",
            Title = $"{ShownMetric.Of(metric).Column.Name} over the learning rates",
            Caption = $"{Counted.MeanWithInterval(plan, runs)}.",
            X = new("learning rate", Logarithmic: true),
            Y = new(ShownMetric.Of(metric).Column.Name.ToLowerInvariant()),
            Series = [.. plan.Methods.Select(m => new LineSeries(m.Name,
                [.. atRates[m.Name].Select(r => r.Rate)],
                [.. atRates[m.Name].Select(r => ReportRows.MeanOfAll(r.Runs, plan.ResultSeeds, metric))]))],
            References = ReportRows.UntrainedLine(selection, metric),
        };
    }
}
