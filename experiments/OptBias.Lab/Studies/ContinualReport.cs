using System.Globalization;
using OptBias.Lab.Reports;
using OptBias.Lab.Reports.Figures;
using OptBias.Lab.Statistics;
using OptBias.Lab.Storage;
using OptBias.Lab.Tasks;
using Frontiers = System.Collections.Generic.IReadOnlyDictionary<string, System.Collections.Generic.IReadOnlyList<System.Collections.Generic.IReadOnlyList<(double X, double Y)>>>;

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

    private string Over => $"{Counted.MeanWithInterval(this.plan.Seeds)}, each optimizer at the learning rate that tuning chose.";

    public StudyReport Build()
    {
        var main = this.study.Scenarios[0];
        var selection = this.Of(main);
        var atWinner = selection.AtWinners();
        var frontiers = selection.Frontiers();
        var answer = this.Answer(frontiers);
        return new()
        {
            Study = this.study.Name,
            Title = this.study.Title,
            Question = this.study.Question,
            Answer = [.. answer.Sentences(atWinner)],
            Method = [.. this.Describe(main)],
            Optimizers = [.. this.plan.Methods.Select(m => new ReportOptimizer(m.Name, m.Description))],
            Summary = ReportRows.Table($"What each optimizer learns, keeps, and looks like: {main.Name}", this.Over, Main, Rows(atWinner), this.plan.ResultSeeds),
            FurtherTables = [.. this.FurtherTables(main, atWinner, answer)],
            Figures = [.. ContinualFigures.Of(this.plan, main, atWinner, frontiers, selection.AtRates())],
            Winners = [.. this.study.Scenarios.SelectMany(s => this.Of(s).Winners().Select(w => w.ForReport($"average accuracy on validation digits, {s.Name}")))],
            Tests = ReportRows.Tests(Main, atWinner, this.study.Baselines, this.plan.ResultSeeds),
            Says = [.. answer.Says(atWinner)],
            DoesNotSay = [.. this.Caveats()],
            Diverged = ReportRows.Diverged(this.runs),
            Settings = this.settings,
        };
    }

    private static IEnumerable<(string Method, string Variant, IReadOnlyList<RunRecord> Runs)> Rows(
        IEnumerable<(string Method, IReadOnlyList<RunRecord> Runs)> runs, string variant = "") => runs.Select(r => (r.Method, variant, r.Runs));

    private ContinualAnswer Answer(Frontiers frontiers) => new(this.plan, this.study.Baselines, frontiers);

    private RunSelection Of(Scenario scenario) => this.study.Select(this.plan, this.runs, ContinualStudy.At(this.plan, scenario));

    private IEnumerable<SummaryTable> FurtherTables(
        Scenario main,
        IReadOnlyList<(string Method, IReadOnlyList<RunRecord> Runs)> atWinner,
        ContinualAnswer answer)
    {
        if (answer.MatchedTable() is { } matched)
            yield return matched;
        if (main.SplitsClasses)
        {
            yield return ReportRows.Table("Was the representation forgotten, or the head?", this.Over,
                [MetricNames.AverageAccuracy, MetricNames.MaskedAverageAccuracy, MetricNames.MaskedForgetting, MetricNames.NearestClassMeanAccuracy, MetricNames.BackwardTransfer],
                Rows(atWinner), this.plan.ResultSeeds);
        }

        yield return ReportRows.Table("Rank of the representation", this.Over + " Dead units stand beside the ranks because a collapsed representation has a low rank too.",
            [MetricNames.EffectiveRank, MetricNames.StableRank, MetricNames.ParticipationRatio, MetricNames.DeadUnits], Rows(atWinner), this.plan.ResultSeeds);
        yield return ReportRows.Table("Localization of the representation", this.Over,
            [MetricNames.PopulationSparseness, MetricNames.LifetimeSparseness, MetricNames.ClassSelectivity, MetricNames.ActivityHoyer], Rows(atWinner), this.plan.ResultSeeds);
        yield return ReportRows.Table("Redundancy and interference", this.Over,
            [MetricNames.MeanAbsoluteCorrelation, MetricNames.PredictableUnits, MetricNames.ClassMeanSimilarity, MetricNames.ActiveUnitOverlap, MetricNames.WeightChangeOverlap, MetricNames.GradientCosine],
            Rows(atWinner), this.plan.ResultSeeds);
        foreach (var scenario in this.study.Scenarios.Skip(1))
        {
            yield return ReportRows.Table($"The same for {scenario.Name} digits", $"{scenario.Description} {this.Over}", Main,
                Rows(this.Of(scenario).AtWinners()), this.plan.ResultSeeds);
            if (this.Answer(this.Of(scenario).Frontiers()).MatchedTable($" ({scenario.Name})") is { } matchedToo)
                yield return matchedToo;
        }
    }

    private IEnumerable<string> Describe(Scenario main)
    {
        var preset = this.plan.Preset;
        yield return main.Description;
        yield return string.Create(CultureInfo.InvariantCulture,
            $"Network {this.plan.Model.Name}; {Counted.Passes(preset.Epochs)} over each task in batches of {preset.BatchSize}. Initial weights, tasks and the order of the batches follow from the seed and are the same for every optimizer.");
        yield return string.Create(CultureInfo.InvariantCulture,
            $"Every optimizer has a grid of {preset.Rates} learning rates in equal ratios over a range of its own. The rate is chosen by the average accuracy on validation digits over {Counted.Seeds(preset.TuningSeeds)} that the results do not use, among the rates whose learning accuracy is within {TuningWinner.LearningTolerance} of the optimizer's best (a rate too small to learn has little to forget), so each optimizer has the same budget of {preset.Rates * preset.TuningSeeds} runs. The results run {preset.ResultExtent} with {Counted.Seeds(this.plan.Seeds)} on test digits.");
        yield return "A smaller learning rate forgets less because it learns less. Forgetting is therefore also compared at equal learning accuracy: each optimizer's grid traces a path (learning accuracy, forgetting), and the difference is taken where both paths reach, interpolated between neighbouring rates.";
        if (ReportRows.Treatment(this.plan) is { } treatment)
            yield return treatment;

        yield return "Metrics of the representation are taken on the penultimate layer's activity for test digits of all tasks after the last one; sparsity of the weights is over all matrices, biases left out.";
    }

    private IEnumerable<string> Caveats()
    {
        if (this.study.Scenarios.Any(s => !s.SplitsClasses) && this.plan.Preset.WholeTaskFraction < 1)
            yield return string.Create(CultureInfo.InvariantCulture, $"Tasks with all ten digits use {this.plan.Preset.WholeTaskFraction:0.##} of the training digits.");
        yield return $"One network ({this.plan.Model.Name}) on small grey images; nothing here speaks about other sizes or data.";
        if (this.settings.DataFingerprint.StartsWith("embedded", StringComparison.Ordinal))
            yield return "The digits are drawn by a program and are easier than handwriting: the numbers show that things work, not how real digits behave.";
        if (this.plan.Seeds < 6)
            yield return string.Create(CultureInfo.InvariantCulture, $"With {Counted.Seeds(this.plan.Seeds)} a paired permutation test cannot go below p = {2 / Math.Pow(2, this.plan.Seeds):0.####}; read the intervals, not the p-values.");
        yield return "Only the learning rate is tuned; momentum, decay and the other hyperparameters keep the declared defaults.";
    }
}
