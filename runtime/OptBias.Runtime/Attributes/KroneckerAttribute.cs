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
}
