using OptBias.Lab.Probes.Rules;

namespace OptBias.Lab.Probes;

/// <summary>What the probes saw.</summary>
/// <param name="Probes">The probes.</param>
/// <param name="Rules">The rules.</param>
/// <param name="Outcomes">One for each pair of them.</param>
public sealed record ProbeResults(IReadOnlyList<Probe> Probes, IReadOnlyList<ProbeRule> Rules, IReadOnlyList<ProbeOutcome> Outcomes)
{
    /// <summary>All measures in the order of their columns.</summary>
    public IEnumerable<(Probe Probe, ProbeMeasure Measure)> Measures => this.Probes.SelectMany(p => p.Measures.Select(m => (p, m)));

    /// <summary>What a probe saw of a rule.</summary>
    public ProbeOutcome Of(Probe probe, ProbeRule rule) => this.Outcomes.First(o => o.Probe == probe.Name && o.Rule == rule.Name);

    /// <summary>A value; NaN where there is none.</summary>
    public double Value(Probe probe, ProbeMeasure measure, ProbeRule rule) => this.Of(probe, rule)[measure.Name];

    /// <summary>A value as a share; NaN where there is none.</summary>
    public double Share(Probe probe, ProbeMeasure measure, ProbeRule rule) => measure.Share?.Invoke(this.Value(probe, measure, rule)) ?? double.NaN;

    /// <summary>What theory and measurement say of a rule and a measure together.</summary>
    public Agreement Judge(Probe probe, ProbeMeasure measure, ProbeRule rule) =>
        measure.Predicts is not { } predicts || !predicts(rule.Properties) ? Agreement.NothingPredicted
        : this.Share(probe, measure, rule) >= measure.AgreesFrom ? Agreement.Agrees
        : this.Of(probe, rule).IsSilent(measure) ? Agreement.NothingPredicted
        : Agreement.Differs;

    /// <summary>The rule with the largest value of a measure, of those that have one.</summary>
    public ProbeRule? Best(Probe probe, ProbeMeasure measure) =>
        this.Rules.Where(r => double.IsFinite(this.Value(probe, measure, r))).MaxBy(r => this.Value(probe, measure, r));
}

/// <summary>Whether a measurement is as predicted.</summary>
public enum Agreement
{
    /// <summary>The theory does not say that this rule reaches this optimum.</summary>
    NothingPredicted,

    /// <summary>It does, and the rule is there.</summary>
    Agrees,

    /// <summary>It does, and the rule is not there.</summary>
    Differs,
}
