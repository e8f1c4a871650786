using OptBias.Lab.Models;
using OptBias.Lab.Reports;
using OptBias.Lab.Storage;
using OptBias.Lab.Tasks;
using OptBias.Lab.Training;

namespace OptBias.Lab.Studies;

/// <summary>What is trained in a part of a study, whatever the method: the network, the tasks, how long.</summary>
/// <param name="Model">The network.</param>
/// <param name="Scenario">How images become tasks; it is told what images the network takes.</param>
/// <param name="Training">How long and on how much.</param>
public sealed record Setting(ModelSpecification Model, Scenario Scenario, TrainingPlan Training)
{
    /// <summary>How images become tasks.</summary>
    public Scenario Scenario { get; init; } = Scenario with { Images = Model.Images };
}

/// <summary>
/// A study in which every method is tuned over its learning rates on validation images, and then runs over all of them on
/// test images, in one or more settings. Most questions fit: say the settings, and what is measured.
/// </summary>
public abstract class TrainingStudy : Study
{
    /// <summary>The settings, the main one first.</summary>
    /// <param name="plan">The plan.</param>
    public virtual IReadOnlyList<Setting> Settings(StudyPlan plan) => [new(plan.Model, new SingleTask(), plan.Preset.Training)];

    /// <summary>What the result runs measure besides accuracy.</summary>
    public virtual Probes Probes => Probes.Representation;

    /// <summary>Test examples that measure each pruned network, over all tasks together.</summary>
    public virtual int PruningExamples => Measurements.RepresentationExamples;

    /// <summary>Measures of the study's own, by the name under which the runs keep them.</summary>
    public virtual IReadOnlyDictionary<string, NetworkMeasure> Measures { get; } = new Dictionary<string, NetworkMeasure>();

    /// <inheritdoc />
    public override IEnumerable<KeyValuePair<string, string>> Grid(StudyPlan plan) =>
        [new("settings", string.Join("; ", this.Settings(plan).Select(s => FormattableString.Invariant($"{s.Scenario.Key}, {s.Model.Name}, {s.Training.Fraction:R} of the data"))))];

    /// <inheritdoc />
    public override IReadOnlyList<Stage> Stages(StudyPlan plan) =>
    [
        new("tuning", _ => this.Trials(plan, Phase.Tuning, plan.TuningSeeds, (_, method) => plan.Rates(method))),
        // Results run around the winner, not only with it: comparisons at equal learning need them.
        new("results", runs =>
        {
            var rates = this.Settings(plan).SelectMany(s => plan.Methods.Select(m => (Setting: s, Method: m)))
                .ToDictionary(p => p, p => ResultRates(plan, p.Method, this.Select(plan, runs, p.Setting)));
            return [.. this.Untrained(plan), .. this.Trials(plan, Phase.Result, plan.ResultSeeds, (setting, method) => rates[(setting, method)])];
        }),
    ];

    /// <inheritdoc />
    public override IEnumerable<(string Method, int Count)> Expected(StudyPlan plan) =>
        plan.Methods.Select(m => (m.Name, this.Settings(plan).Count * ((plan.Preset.ResultRates * plan.Seeds) + (plan.Rates(m).Count * plan.TuningSeeds.Count))))
            .Append((UntrainedTrial.Name, this.Untrained(plan).Count()));

    /// <summary>The runs of a setting.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="runs">Every finished run.</param>
    /// <param name="setting">One of <see cref="Settings"/>.</param>
    public RunSelection Select(StudyPlan plan, IReadOnlyList<RunRecord> runs, Setting setting) => new(plan, runs, r =>
        r.Settings.GetValueOrDefault("scenario") == setting.Scenario.Key
        && r.Settings.GetValueOrDefault("model") == setting.Model.Name
        && r.Number("fraction of the data") == setting.Training.Fraction);

    /// <inheritdoc />
    public override RunSelection? Choices(StudyPlan plan, IReadOnlyList<RunRecord> runs) => this.Select(plan, runs, this.Settings(plan)[0]);

    /// <summary>A report with a table for each setting: the usual numbers and the study's own. Studies that say more write their own.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="runs">Every finished run.</param>
    /// <param name="settings">Where the numbers come from.</param>
    public override StudyReport Report(StudyPlan plan, IReadOnlyList<RunRecord> runs, ReportSettings settings) =>
        new PlainReport(this, plan, runs, settings).Build();

    /// <summary>The rates around what tuning chose; all of them where every rate diverged, so that this is a result too.</summary>
    private static IReadOnlyList<double> ResultRates(StudyPlan plan, Method method, RunSelection selection)
    {
        var all = plan.Rates(method);
        if (plan.Preset.ResultNeighbours is not { } neighbours)
            return all;
        var tuned = selection.Winner(method);
        var winner = all.ToList().IndexOf(tuned.LearningRate);
        return winner < 0 ? all : [.. all.Where((rate, i) => Math.Abs(i - winner) <= neighbours
            || (plan.Preset.ResultsReachDown && i < winner && tuned.Learning.Contains(rate)))];
    }

    /// <summary>The network before its first step, where the study measures what becomes of it.</summary>
    /// <param name="plan">The plan.</param>
    protected virtual IEnumerable<Trial> Untrained(StudyPlan plan) =>
        this.Probes.HasFlag(Probes.Representation) ? this.Settings(plan).SelectMany(setting => UntrainedTrial.Of(plan, setting)) : [];

    /// <summary>The trial that trains one network.</summary>
    /// <param name="setting">What is trained.</param>
    /// <param name="method">The method.</param>
    /// <param name="rate">Its learning rate.</param>
    /// <param name="phase">One of <see cref="Phase"/>.</param>
    /// <param name="seed">The seed.</param>
    protected virtual Trial Train(Setting setting, Method method, double rate, string phase, int seed) => new TrainingTrial
    {
        Phase = phase,
        Method = method.Name,
        Seed = seed,
        Training = method,
        LearningRate = rate,
        Model = setting.Model,
        Scenario = setting.Scenario,
        Plan = setting.Training,
        Probes = phase == Phase.Result ? this.Probes : Probes.None,
        PruningExamples = this.PruningExamples,
        Measures = phase == Phase.Result ? this.Measures : TrainingTrial.NoMeasures,
    };

    private List<Trial> Trials(StudyPlan plan, string phase, IReadOnlyList<int> seeds, Func<Setting, Method, IReadOnlyList<double>> rates)
    {
        return
        [
            .. from seed in seeds
               from setting in this.Settings(plan)
               from method in plan.Methods
               from rate in rates(setting, method)
               select this.Train(setting, method, rate, phase, seed),
        ];
    }
}
