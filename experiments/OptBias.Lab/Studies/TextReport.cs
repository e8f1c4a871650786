using System.Globalization;
using OptBias.Lab.Reports;
using OptBias.Lab.Reports.Figures;
using OptBias.Lab.Storage;

namespace OptBias.Lab.Studies;

/// <summary>Turns the runs of the text study into its report.</summary>
internal sealed class TextReport(TextStudy study, StudyPlan plan, IReadOnlyList<RunRecord> runs, ReportSettings settings)
{
    private static readonly string[] Main =
        [MetricNames.LearningBits, MetricNames.AverageBits, MetricNames.ForgettingBits, MetricNames.LearningAccuracy, MetricNames.EffectiveRank, MetricNames.WeightHoyer];

    private static readonly string[] Looks =
    [
        MetricNames.EffectiveRank, MetricNames.ParticipationRatio, MetricNames.LifetimeSparseness, MetricNames.ClassSelectivity,
        MetricNames.MeanAbsoluteCorrelation, MetricNames.ClassMeanSimilarity, MetricNames.RelativeWeightChange,
    ];

    public StudyReport Build()
    {
        var selection = study.Choices(plan, runs);
        var answer = new ContinualAnswer(selection, TextStudy.Baselines, []);
        var rows = ReportRows.WithUntrained(selection, selection.AtWinners().Select(r => (r.Method, "", r.Runs))).ToArray();
        var over = $"{Counted.MeanWithInterval(plan, runs)}, each optimizer at the learning rate that tuning chose: shown, and compared in the tables at equal {selection.LearningInWords}.";
        return new()
        {
            Study = study.Name,
            Title = "Languages one after another",
            Question = "Which optimizers forget less of a language, in bits per byte, at equal learning? Does what they prefer on digits hold for text?",
            Answer = [.. answer.Sentences()],
            Method = [.. this.Describe()],
            Optimizers = ReportRows.Optimizers(plan),
            Summary = ReportRows.Table("What each optimizer learns, keeps, and looks like", over, Main, rows, plan.ResultSeeds),
            FurtherTables = [.. answer.Tables(), ReportRows.Table("Representation and weights", over, Looks, rows, plan.ResultSeeds)],
            Figures = [.. this.Figures(selection)],
            Winners = [.. selection.Winners().Select(w => w.ForReport("accuracy of the next byte on validation text"))],
            Tests = answer.ExploredTests,
            Says = [.. answer.Says()],
            DoesNotSay =
            [
                "Nothing here was planned: every number is exploratory.",
                $"One small network ({plan.Model.Name}) that reads {Models.ByteTransformer.Context} bytes at a time; larger ones may differ.",
                .. settings.DataFingerprint.StartsWith("artificial", StringComparison.Ordinal)
                    ? new[] { "The languages are made by a program and are easier than real ones: the numbers show that things work, not how real text behaves." } : [],
            ],
            Diverged = ReportRows.Diverged(runs),
            Settings = settings,
        };
    }

    private IEnumerable<string> Describe()
    {
        yield return "Tasks are languages in the order of their names, read as bytes. A causal transformer predicts the next byte; nobody tells it which language it reads. Bits per byte is the mean cross-entropy in bits: 8 is a guess, fewer are better.";
        yield return string.Create(CultureInfo.InvariantCulture,
            $"Network {plan.Model.Name}; {Counted.Passes(plan.Preset.Epochs)} over {plan.Preset.WholeTaskFraction:0.##} of the windows of each language in batches of {plan.Preset.BatchSize}. Initial weights and the order of the batches follow from the seed and are the same for every optimizer. Each of {plan.Preset.Rates} learning rates is tuned with {Counted.Seeds(plan.Preset.TuningSeeds)} on the last sixth of the training text, which nothing is trained on; results run {plan.Preset.ResultExtent} on test text.");
        yield return "Metrics of the representation are of the last eight positions of test windows of every language; the languages are the classes. Every matrix, the embedding of the bytes included, is trained by the optimizer itself unless its name says otherwise.";
        if (ReportRows.Treatment(plan) is { } treatment)
            yield return treatment;
    }

    private IEnumerable<Figure> Figures(RunSelection selection)
    {
        yield return ContinualFigures.Path(selection, MetricNames.ForgettingBits) with
        {
            Title = "What is learnt, and what that costs in forgetting",
            Caption = $"Each point is a learning rate, {Counted.MeanAndInterval(plan, runs)}; lines join neighbouring rates. Lower left is better: learns more, forgets less.",
        };
        foreach (var metric in Looks)
            yield return ContinualFigures.Path(selection, metric);
    }
}
