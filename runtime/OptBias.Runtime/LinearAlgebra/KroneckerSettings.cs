namespace OptBias.LinearAlgebra;

/// <summary>What a declaration fixes about a Kronecker preconditioner at compile time.</summary>
public sealed record KroneckerSettings
{
    /// <summary>How factors are accumulated.</summary>
    public Accumulation Accumulation { get; init; }

    /// <summary>
    /// The exponent p of the inverse roots <c>R = (L + ε I)^(−p)</c>, in (0, ∞). NaN: 1/(2o) for a tensor of order o, and
    /// 1/2 for <see cref="KroneckerStatistic.KullbackLeibler"/>.
    /// </summary>
    public double Exponent { get; init; } = double.NaN;

    /// <summary>How the inverse roots are computed.</summary>
    public RootMethod Root { get; init; }

    /// <summary>What the factors estimate.</summary>
    public KroneckerStatistic Statistic { get; init; }

    /// <summary>Larger dimensions are cut into chunks of this size, and each block is a problem of its own. At least 1.</summary>
    public int MaxDimension { get; init; } = 1024;

    /// <summary>Merges neighbouring dimensions from the right while their product is at most <see cref="MaxDimension"/>, but never below a matrix.</summary>
    public bool MergeDimensions { get; init; }

    /// <summary>
    /// τ in [0, 1): a root is not refreshed while <c>‖B − diag B‖ ≤ τ ‖B‖</c>, B the factor in the eigenbasis of its last
    /// refresh. 0 refreshes always.
    /// </summary>
    public double StalenessTolerance { get; init; }

    /// <summary>The first step that is preconditioned. At least 1.</summary>
    public long StartAt { get; init; } = 1;

    /// <summary>Computes roots on a background thread from the factors of a refresh step and takes them over at the next one.</summary>
    public bool Asynchronous { get; init; }

    /// <summary>Returns the settings, or says what is wrong with them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    internal KroneckerSettings Validated()
    {
        if (!double.IsNaN(this.Exponent) && !(this.Exponent > 0 && double.IsFinite(this.Exponent)))
            throw new ArgumentOutOfRangeException(nameof(this.Exponent), this.Exponent, "The exponent of an inverse root must be in (0, ∞), or NaN for the default.");
        if (this.MaxDimension < 1)
            throw new ArgumentOutOfRangeException(nameof(this.MaxDimension), this.MaxDimension, "The largest dimension of a factor must be at least 1.");
        if (!(this.StalenessTolerance >= 0 && this.StalenessTolerance < 1))
            throw new ArgumentOutOfRangeException(nameof(this.StalenessTolerance), this.StalenessTolerance, "The staleness tolerance must be in [0, 1).");
        if (this.StartAt < 1)
            throw new ArgumentOutOfRangeException(nameof(this.StartAt), this.StartAt, "The first preconditioned step must be at least 1.");
        return this;
    }
}
