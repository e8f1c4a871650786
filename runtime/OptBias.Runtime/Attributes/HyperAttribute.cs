namespace OptBias;

/// <summary>
/// Makes a parameter of a per-element method, or of a <c>[PerStep]</c> method, a hyperparameter of the optimizer, named as the parameter in snake case:
/// <c>[Hyper(0.96)] float momentumDecay</c> is <c>momentum_decay</c> in the constructor, in options and in trajectories.
/// </summary>
/// <param name="default">Its default.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HyperAttribute(double @default) : Attribute
{
    /// <summary>The default.</summary>
    public double Default { get; } = @default;

    /// <summary>Smallest allowed value; NaN (the default) for none.</summary>
    public double Minimum { get; set; } = double.NaN;

    /// <summary>Largest allowed value; NaN (the default) for none.</summary>
    public double Maximum { get; set; } = double.NaN;

    /// <summary>Whether <see cref="Minimum"/> itself is not allowed.</summary>
    public bool ExcludesMinimum { get; set; }

    /// <summary>Whether <see cref="Maximum"/> itself is not allowed, as for a rate in [0, 1).</summary>
    public bool ExcludesMaximum { get; set; }

    /// <summary>What it is, in a few words, for documentation and messages.</summary>
    public string? Description { get; set; }
}
