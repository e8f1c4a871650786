using OptBias.Lab.Probes.Rules;

namespace OptBias.Lab.Probes;

/// <summary>A number that a probe measures.</summary>
public sealed record ProbeMeasure
{
    /// <summary>The name of a wish and of a column: <c>margin.spectral</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The head of its column: "spectral".</summary>
    public required string Title { get; init; }

    /// <summary>What it is, in a sentence.</summary>
    public required string Description { get; init; }

    /// <summary>
    /// The number as a share, 1 where it is at the optimum or where theory says: what is coloured, and what <see cref="AgreesFrom"/> is
    /// compared with. The number itself unless set; null for a number that only describes.
    /// </summary>
    public Func<double, double>? Share { get; init; } = static value => value;

    /// <summary>Whether it is a column of the picture of all measures.</summary>
    public bool InMatrix { get; init; } = true;

    /// <summary>Whether the theory says that a rule with such properties has the share 1; null where the measure has no theory.</summary>
    public Func<RuleProperties, bool>? Predicts { get; init; }

    /// <summary>The share from which on a predicted rule is taken to agree with the theory.</summary>
    public double AgreesFrom { get; init; } = 0.9;

    /// <summary>Invariant format of the number.</summary>
    public string Format { get; init; } = "0.00";

    /// <summary>The share of a number that is to be 1 and may be on either side: x or 1/x, whichever is smaller.</summary>
    public static double NearOne(double value) => value > 1 ? 1 / value : value;
}
