namespace OptBias;

/// <summary>
/// Diagonal second-moment preconditioner: <c>u ← u / (v̂ᵖ + ε)</c> with a statistic <c>v</c> of the squared gradient
/// (of <c>g</c>, not of <c>u</c>).
/// </summary>
/// <remarks>Source: Duchi et al. 2011; Tieleman and Hinton 2012; Kingma and Ba 2015.</remarks>
public sealed class DiagonalAttribute : StageAttribute
{
    /// <summary>A statistic with a forgetting rate.</summary>
    /// <param name="beta">Default of the hyperparameter <c>beta2</c>, in [0, 1).</param>
    public DiagonalAttribute(double beta) => this.Beta = beta;

    /// <summary>A statistic without one: <see cref="DiagonalStatistic.Sum"/>, or one whose rate is <see cref="BetaSchedule"/>.</summary>
    public DiagonalAttribute() => this.Beta = double.NaN;

    /// <summary>Default of <c>beta2</c>; NaN where the statistic has none.</summary>
    public double Beta { get; }

    /// <summary>The statistic. <see cref="DiagonalStatistic.Ema"/> unless set, <see cref="DiagonalStatistic.Sum"/> where no β₂ is given.</summary>
    public DiagonalStatistic Statistic { get; set; }

    /// <summary>
    /// Name of a static method with <see cref="PerStepAttribute"/> that gives the forgetting rate of each step, in the place of
    /// <c>beta2</c>: <c>1 − t^(−0.8)</c>, say. There is no bias correction then; a rate of 0 in the first step makes it needless.
    /// </summary>
    public string? BetaSchedule { get; set; }

    /// <summary>
    /// Keeps the averages of the rows and of the columns in the place of v, so that the state of a matrix is rows + columns:
    /// <c>v = R Cᵀ / mean(R)</c> (Shazeer and Stern 2018, arXiv 1804.04235, algorithm 1). Rows and columns are the last two
    /// dimensions, a matrix for each index of those before them; a vector has one row. With Ema and Sum only.
    /// </summary>
    public bool Factored { get; set; }

    /// <summary>Subtracts the square of the gradient's own average, <c>v − ḡ²</c>: the variance instead of the second moment.</summary>
    public bool Centered { get; set; }

    /// <summary>The exponent p, in (0, 1]. 1/2 unless set. Fixed at compile time.</summary>
    public double Exponent { get; set; } = 0.5;

    /// <summary>Default of the hyperparameter <c>eps</c>, in [0, ∞). 1e-8 unless set.</summary>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>Where ε stands. <see cref="EpsilonPlacement.AfterRoot"/> unless set.</summary>
    public EpsilonPlacement EpsilonPlacement { get; set; }

    /// <summary>Divides v by <c>1 − β₂ᵗ</c>. True unless set; statistics without β₂, and Infinity, have no correction.</summary>
    public bool BiasCorrection { get; set; } = true;
}
