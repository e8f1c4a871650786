using OptBias.Lab.Storage;

namespace OptBias.Lab.Studies;

/// <summary>The runs of one setting of a study (a scenario, a width), by method and learning rate.</summary>
/// <param name="plan">The plan.</param>
/// <param name="runs">Every finished run of the study.</param>
/// <param name="belongs">Which of them are of this setting.</param>
public sealed class RunSelection(StudyPlan plan, IReadOnlyList<RunRecord> runs, Func<RunRecord, bool> belongs)
{
    private readonly ILookup<(string Phase, string Method), RunRecord> byMethod =
        runs.Where(belongs).ToLookup(r => (r.Phase, r.Method));

    /// <summary>The metric that says what was learnt, at which methods are compared.</summary>
    public string Learning { get; init; } = MetricNames.LearningAccuracy;

    /// <summary>The same in words: "learning accuracy".</summary>
    public string LearningInWords => ShownMetric.Of(this.Learning).Column is { Unit: { Length: > 0 } unit } column ? $"{column.Name.ToLowerInvariant()} {unit}" : ShownMetric.Of(this.Learning).Column.Name.ToLowerInvariant();

    /// <summary>The plan.</summary>
    public StudyPlan Plan => plan;

    /// <summary>Every finished run of the study, those of other settings included.</summary>
    public IReadOnlyList<RunRecord> Runs => runs;

    /// <summary>What tuning chose for each method.</summary>
    /// <param name="metric">The score on validation images, larger is better.</param>
    public IReadOnlyList<TuningWinner> Winners(string metric = MetricNames.AverageAccuracy) =>
        [.. plan.Methods.Select(m => this.Winner(m, metric))];

    /// <summary>What tuning chose for a method.</summary>
    /// <param name="method">One of the plan's.</param>
    /// <param name="metric">The score on validation images, larger is better.</param>
    public TuningWinner Winner(Training.Method method, string metric = MetricNames.AverageAccuracy) =>
        TuningWinner.Of(method.Name, plan.Rates(method), this.byMethod[(Phase.Tuning, method.Name)], metric);

    /// <summary>The result runs of each method at the rate that tuning chose; none where every rate diverged.</summary>
    public IReadOnlyList<(string Method, IReadOnlyList<RunRecord> Runs)> AtWinners() =>
        [.. this.Winners().Select(w => (w.Method, this.At(w.Method, w.LearningRate)))];

    /// <summary>Every result run of the setting.</summary>
    public IReadOnlyList<RunRecord> Results() => [.. plan.Methods.SelectMany(m => this.byMethod[(Phase.Result, m.Name)])];

    /// <summary>The runs of the untrained network: for each shape of the initial weights its words ("" for the plain one) and a run for each seed.</summary>
    public IReadOnlyList<(string Variant, IReadOnlyList<RunRecord> Runs)> Untrained() =>
    [
        .. from power in UntrainedTrial.Powers(plan)
           let own = this.byMethod[(Phase.Untrained, UntrainedTrial.Name)].Where(r => r.Number("initial power") == power).ToArray()
           where own.Length > 0
           select (power == 1 ? "" : $"as {string.Join(", ", plan.Methods.Where(m => m.InitialPower == power).Select(m => m.Name))} starts", (IReadOnlyList<RunRecord>)own),
    ];

    /// <summary>The result runs of each method at each of its rates, in the order of the rates.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<(double Rate, IReadOnlyList<RunRecord> Runs)>> AtRates() =>
        plan.Methods.ToDictionary(m => m.Name, m => (IReadOnlyList<(double, IReadOnlyList<RunRecord>)>)
            [.. plan.Rates(m).Select(rate => (rate, this.At(m.Name, rate)))]);

    /// <summary>For each method the path over its rates, [seed][rate] of (learning accuracy, forgetting).</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<(double X, double Y)>>> Frontiers() => this.Paths(MetricNames.Forgetting);

    /// <summary>For each method the path over its rates, [seed][rate] of (what is learnt, metric).</summary>
    /// <param name="metric">Name of the metric.</param>
    public IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<(double X, double Y)>>> Paths(string metric) =>
        this.AtRates().ToDictionary(m => m.Key, m =>
        {
            var points = m.Value.Select(rate => (
                Learning: ReportRows.Values(rate.Runs, plan.ResultSeeds, this.Learning),
                Metric: ReportRows.Values(rate.Runs, plan.ResultSeeds, metric))).ToArray();
            return (IReadOnlyList<IReadOnlyList<(double, double)>>)
                [.. Enumerable.Range(0, plan.Seeds).Select(s => (IReadOnlyList<(double, double)>)[.. points.Select(p => (p.Learning[s], p.Metric[s]))])];
        });

    private IReadOnlyList<RunRecord> At(string method, double rate) =>
        [.. this.byMethod[(Phase.Result, method)].Where(r => r.Number("lr") == rate)];
}
