using System.Globalization;
using OptBias.Lab.Reports;
using OptBias.Lab.Reports.Figures;
using OptBias.Lab.Statistics;
using OptBias.Lab.Storage;
using OptBias.Lab.Tasks;

namespace OptBias.Lab.Studies;

/// <summary>Turns the runs of a continual study into its report.</summary>
internal sealed class ContinualReport
{
    private static readonly string[] Main =
    [
        MetricNames.LearningAccuracy, MetricNames.AverageAccuracy, MetricNames.Forgetting, MetricNames.EffectiveRank, MetricNames.DeadUnits, MetricNames.WeightHoyer,
    ];

    private readonly ContinualStudy study;
    private readonly StudyPlan plan;
    private readonly IReadOnlyList<RunRecord> runs;
    private readonly ReportSettings settings;

    public ContinualReport(ContinualStudy study, StudyPlan plan, IReadOnlyList<RunRecord> runs, ReportSettings settings) =>
        (this.study, this.plan, this.runs, this.settings) = (study, plan, runs, settings);

    private string Over => $"{Counted.MeanWithInterval(this.plan, this.runs)}, each optimizer at the learning rate that tuning chose. The learning rate moves every number: rows are shown here, and compared in the tables at equal learning accuracy.";

    public StudyReport Build()
    {
        var main = this.plan.Of(this.study.Scenarios[0]);
        var selection = this.Of(main);
        var answer = this.Answer(main);
        var naming = this.Named(selection);
        return new()
        {
            Study = this.study.Name,
            Title = this.study.Title,
            Question = this.study.Question,
            Answer = [.. answer.Sentences(), .. naming is null ? [] : new[] { NamingReport.Sentence(naming, "seed and learning rate left out, at a learning accuracy that all reach") }],
            Method = [.. this.Describe(main)],
            Optimizers = ReportRows.Optimizers(this.plan),
            Summary = ReportRows.Table($"What each optimizer learns, keeps, and looks like: {main.Name}", $"{this.Over} {Yardsticks.InWords(main)}", Main, Rows(selection), this.plan.ResultSeeds),
            FurtherTables = [.. this.FurtherTables(main, selection, answer)],
            Figures = [.. ContinualFigures.Of(main, selection), .. naming is null ? [] : new Figure[] { NamingReport.Figure(naming) }],
            Winners = [.. this.study.Scenarios.Select(this.plan.Of).SelectMany(s => this.Of(s).Winners().Select(w => w.ForReport($"average accuracy on validation images, {s.Name}")))],
            PlannedTests = answer.PlannedTests,
            Tests = answer.ExploredTests,
            Says = [.. answer.Says()],
            DoesNotSay = [.. this.Caveats()],
            Diverged = ReportRows.Diverged(this.runs),
            Settings = this.settings,
        };
    }

    private static IEnumerable<(string Method, string Variant, IReadOnlyList<RunRecord> Runs)> Rows(RunSelection selection) =>
        ReportRows.WithUntrained(selection, selection.AtWinners().Select(r => (r.Method, "", r.Runs)));

    /// <summary>Planned tests are of the main scenario.</summary>
    private ContinualAnswer Answer(Scenario scenario) =>
        new(this.Of(scenario), this.study.Baselines, scenario == this.plan.Of(this.study.Scenarios[0]) ? this.study.Planned : []);

    /// <summary>Whether the optimizer can be told from the representation, of networks that learn equally much.</summary>
    private Naming? Named(RunSelection selection)
    {
        var (low, high) = MatchedComparison.Reach(selection.Frontiers().Values);
        return double.IsNaN(low) ? null
            : NamingReport.Of(this.plan, selection.Results().Where(r => r.Metric(MetricNames.LearningAccuracy) >= low && r.Metric(MetricNames.LearningAccuracy) <= high), leaveRatesOut: true);
    }

    private RunSelection Of(Scenario scenario) => this.study.Select(this.plan, this.runs, ContinualStudy.At(this.plan, scenario));

    private IEnumerable<SummaryTable> FurtherTables(
        Scenario main,
        RunSelection selection,
        ContinualAnswer answer)
    {
        foreach (var table in answer.Tables())
            yield return table;
        if (main.SplitsClasses)
        {
            yield return ReportRows.Table("Was the representation forgotten, or the head?", this.Over,
                [MetricNames.AverageAccuracy, MetricNames.MaskedAverageAccuracy, MetricNames.MaskedForgetting, MetricNames.NearestClassMeanAccuracy, MetricNames.BackwardTransfer],
                Rows(selection), this.plan.ResultSeeds);
        }

        yield return ReportRows.Table("Rank of the representation", this.Over + " Dead units stand beside the ranks because a collapsed representation has a low rank too.",
            [MetricNames.EffectiveRank, MetricNames.StableRank, MetricNames.ParticipationRatio, MetricNames.DeadUnits], Rows(selection), this.plan.ResultSeeds);
        yield return ReportRows.Table("Localization of the representation", this.Over,
            [MetricNames.PopulationSparseness, MetricNames.LifetimeSparseness, MetricNames.ClassSelectivity, MetricNames.ActivityHoyer], Rows(selection), this.plan.ResultSeeds);
        yield return ReportRows.Table("Redundancy and interference", this.Over,
            [MetricNames.MeanAbsoluteCorrelation, MetricNames.PredictableUnits, MetricNames.ClassMeanSimilarity, MetricNames.ActiveUnitOverlap, MetricNames.WeightChangeOverlap, MetricNames.GradientCosine],
            Rows(selection), this.plan.ResultSeeds);
        foreach (var scenario in this.study.Scenarios.Skip(1).Select(this.plan.Of))
        {
            yield return ReportRows.Table($"The same for {scenario.Name} images", $"{scenario.Description} {this.Over}", Main,
                Rows(this.Of(scenario)), this.plan.ResultSeeds);
            foreach (var table in this.Answer(scenario).Tables($" ({scenario.Name})"))
                yield return table;
        }
    }

    private IEnumerable<string> Describe(Scenario main)
    {
        var preset = this.plan.Preset;
        yield return main.Description;
        yield return string.Create(CultureInfo.InvariantCulture,
            $"Network {this.plan.Model.Name}; {Counted.Passes(preset.Epochs)} over each task in batches of {preset.BatchSize}. Initial weights, tasks and the order of the batches follow from the seed and are the same for every optimizer.");
        yield return string.Create(CultureInfo.InvariantCulture,
            $"Every optimizer has a grid of {preset.Rates} learning rates in equal ratios over a range of its own. The rate is chosen by the average accuracy on validation images over {Counted.Seeds(preset.TuningSeeds)} that the results do not use, among the rates whose learning accuracy is within {TuningWinner.LearningTolerance} of the optimizer's best (a rate too small to learn has little to forget); where scores tie within {TuningWinner.TieTolerance} the score does not choose, and of the rates that tie the one that learns best wins. Each optimizer has the same budget of {preset.Rates * preset.TuningSeeds} runs. The results run {preset.ResultExtent} with {Counted.Seeds(this.plan.Seeds)} on test images.");
        yield return "A smaller learning rate forgets less because it learns less, and it changes every other number too. Optimizers are therefore compared at equal learning accuracy: each optimizer's grid traces a path (learning accuracy, metric), and the difference is taken where the mean paths of both reach, interpolated between neighbouring rates. The untrained network is a row of its own and a dashed line: what training hardly moves says little about the optimizer.";
        yield return NamingReport.Method + " Nor do networks of the same optimizer at the same learning rate, and only those count whose learning accuracy all optimizers reach.";
        if (ReportRows.Treatment(this.plan) is { } treatment)
            yield return treatment;

        yield return "Metrics of the representation are taken on the penultimate layer's activity for test images of all tasks after the last one; sparsity of the weights is over all matrices, biases left out.";
    }

    private IEnumerable<string> Caveats()
    {
        if (this.study.Scenarios.Any(s => !s.SplitsClasses) && this.plan.Preset.WholeTaskFraction < 1)
            yield return string.Create(CultureInfo.InvariantCulture, $"Tasks with all classes use {this.plan.Preset.WholeTaskFraction:0.##} of the training images.");
        yield return $"One network ({this.plan.Model.Name}) on small grey images; nothing here speaks about other sizes or data.";
        if (this.settings.DataFingerprint.StartsWith("embedded", StringComparison.Ordinal))
            yield return "The digits are drawn by a program and are easier than handwriting: the numbers show that things work, not how real digits behave.";
        if (this.plan.Seeds < 6)
            yield return string.Create(CultureInfo.InvariantCulture, $"With {Counted.Seeds(this.plan.Seeds)} a paired permutation test cannot go below p = {2 / Math.Pow(2, this.plan.Seeds):0.####}; read the intervals, not the p-values.");
        yield return this.study.Planned.Count > 0 ? "Only the planned tests are tests. Every other number here is exploratory." : "Nothing here was planned: every number is exploratory.";
        yield return "Only the learning rate is tuned; momentum, decay and the other hyperparameters keep the declared defaults.";
    }
}
