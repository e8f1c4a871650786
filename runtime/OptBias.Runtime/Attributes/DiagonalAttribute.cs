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

    /// <summary>A statistic without one: <see cref="DiagonalStatistic.Sum"/>.</summary>
    public DiagonalAttribute() => this.Beta = double.NaN;

    /// <summary>Default of <c>beta2</c>; NaN where the statistic has none.</summary>
    public double Beta { get; }

    /// <summary>The statistic. <see cref="DiagonalStatistic.Ema"/> unless set, <see cref="DiagonalStatistic.Sum"/> where no β₂ is given.</summary>
    public DiagonalStatistic Statistic { get; set; }

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
