namespace OptBias;

/// <summary>
/// Shampoo's Kronecker-factored preconditioner: for a tensor of order o, one factor <c>L_k</c> of <c>G₍ₖ₎ G₍ₖ₎ᵀ</c> for each
/// dimension k, and <c>u ← u ×ₖ (L̂ₖ + ε I)^(−1/(2o))</c>. For a matrix that is <c>L^(−1/4) u R^(−1/4)</c>.
/// </summary>
/// <remarks>Source: Gupta, Koren and Singer 2018 (arXiv 1802.09568); the EMA form Anil et al. 2020 (arXiv 2002.09018).</remarks>
public sealed class KroneckerAttribute : StageAttribute
{
    /// <summary>Factors that forget.</summary>
    /// <param name="beta">Default of the hyperparameter <c>shampoo_beta</c>, in [0, 1).</param>
    public KroneckerAttribute(double beta) => this.Beta = beta;

    /// <summary>Factors that are summed: <see cref="Accumulation.Sum"/>.</summary>
    public KroneckerAttribute() => this.Beta = double.NaN;

    /// <summary>Default of <c>shampoo_beta</c>; NaN where factors are summed.</summary>
    public double Beta { get; }

    /// <summary>How factors are accumulated. <see cref="Accumulation.Ema"/> unless set, <see cref="Accumulation.Sum"/> where no β is given.</summary>
    public Accumulation Accumulate { get; set; }

    /// <summary>Default of the hyperparameter <c>shampoo_eps</c>, in [0, ∞). 1e-12 unless set.</summary>
    public double Epsilon { get; set; } = 1e-12;

    /// <summary>Default of the hyperparameter <c>update_every</c>: the roots are refreshed at steps 1, 1 + f, 1 + 2f, ... At least 1; 1 unless set.</summary>
    public int UpdateEvery { get; set; } = 1;

    /// <summary>The first step that is preconditioned; before it <c>u</c> (or the grafted update) passes as it is, while the factors gather statistics. 1 unless set.</summary>
    public int StartAt { get; set; } = 1;

    /// <summary>
    /// Larger dimensions are cut into chunks of this size; every block is a problem of its own, the norm that a
    /// <see cref="GraftAttribute"/> takes included. At least 1; 1024 unless set. Fixed at compile time.
    /// </summary>
    public int MaxDimension { get; set; } = 1024;

    /// <summary>
    /// Merges neighbouring dimensions from the right while their product is at most <see cref="MaxDimension"/>, but never
    /// below a matrix: a convolution kernel becomes [out, in · height · width] where that fits. False unless set. Fixed at
    /// compile time.
    /// </summary>
    public bool MergeDimensions { get; set; }

    /// <summary>
    /// The exponent p of the inverse roots <c>(L̂ₖ + ε I)^(−p)</c>, in (0, ∞), instead of 1/(2o). Unset: NaN. Fixed at
    /// compile time; the Kullback-Leibler statistic always has 1/2.
    /// </summary>
    public double Exponent { get; set; } = double.NaN;

    /// <summary>How the roots are computed. <see cref="RootMethod.Eigen"/> unless set; <see cref="RootMethod.CoupledNewton"/> needs an exponent 1/r.</summary>
    public RootMethod Root { get; set; }

    /// <summary>What the factors estimate. <see cref="KroneckerStatistic.Shampoo"/> unless set.</summary>
    public KroneckerStatistic Statistic { get; set; }

    /// <summary>
    /// τ, in [0, 1): a root is not refreshed while its factor is still nearly diagonal in the eigenbasis of the last
    /// refresh, <c>‖B − diag B‖ ≤ τ ‖B‖</c>, <c>B = Qᵀ L̂ Q</c>. 0 unless set: always refreshed. Fixed at compile time.
    /// </summary>
    public double StalenessTolerance { get; set; }

    /// <summary>
    /// Computes the roots on a background thread from the factors of one refresh step and takes them over at the next
    /// refresh step, whatever the speed of the machine: a run stays deterministic. The first roots are computed in the step
    /// itself, and so are those after three failures in a row. False unless set. Fixed at compile time.
    /// </summary>
    public bool Asynchronous { get; set; }
}
