namespace OptBias.Lab.Probes;

/// <summary>What a probe saw of a rule.</summary>
public sealed record ProbeOutcome
{
    /// <summary>The probe's name.</summary>
    public required string Probe { get; init; }

    /// <summary>The rule's name.</summary>
    public required string Rule { get; init; }

    /// <summary>The measures by name; NaN where one has no value.</summary>
    public required IReadOnlyDictionary<string, double> Values { get; init; }

    /// <summary>Steps taken.</summary>
    public int Steps { get; init; }

    /// <summary>When and how the rule diverged, or why the probe cannot run it; null where neither happened.</summary>
    public string? Failure { get; init; }

    /// <summary>Seconds it took.</summary>
    public double Seconds { get; init; }

    /// <summary>Whether the probe ran to its end and has nothing to say about a measure, as where a rule has no threshold to be compared with.</summary>
    public bool IsSilent(ProbeMeasure measure) => this.Failure is null && double.IsNaN(this[measure.Name]);

    /// <summary>A value; NaN where there is none.</summary>
    public double this[string measure] => this.Values.TryGetValue(measure, out var value) ? value : double.NaN;
}
