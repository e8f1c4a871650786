namespace OptBias;

/// <summary>
/// The eigenbasis of Shampoo's Kronecker factors as a coordinate change: everything below acts on
/// <c>g ×ₖ Q_kᵀ</c>, Q_k the eigenvectors of the factor of dimension k, and the step is carried back. With
/// <see cref="DiagonalAttribute"/> below it is Adam in Shampoo's basis: SOAP.
/// </summary>
/// <remarks>
/// <para>
/// The first gradient only makes the basis, without a step. Then each step ends with an update of the factors; every
/// <c>update_every</c> steps the basis follows, and second moments kept below are permuted with it.
/// </para>
/// <para>Vectors are not rotated, nor are dimensions larger than <see cref="MaxDimension"/>; dimensions of size 1 do not count.</para>
/// <para>Source: Vyas et al. 2024 (arXiv 2409.11321).</para>
/// </remarks>
public sealed class KroneckerBasisAttribute : StageAttribute
{
    /// <summary>Factors that forget.</summary>
    /// <param name="beta">Default of the hyperparameter <c>shampoo_beta</c>, in [0, 1).</param>
    public KroneckerBasisAttribute(double beta) => this.Beta = beta;

    /// <summary>Factors that are summed: <see cref="Accumulation.Sum"/>.</summary>
    public KroneckerBasisAttribute() => this.Beta = double.NaN;

    /// <summary>Default of <c>shampoo_beta</c>; NaN where factors are summed.</summary>
    public double Beta { get; }

    /// <summary>How factors are accumulated. <see cref="Accumulation.Ema"/> unless set, <see cref="Accumulation.Sum"/> where no β is given.</summary>
    public Accumulation Accumulate { get; set; }

    /// <summary>Default of the hyperparameter <c>update_every</c>: the basis is refreshed at steps f, 2f, ... At least 1; 10 unless set.</summary>
    public int UpdateEvery { get; set; } = 10;

    /// <summary>How the basis is refreshed. <see cref="BasisRefresh.Qr"/> unless set.</summary>
    public BasisRefresh Refresh { get; set; }

    /// <summary>Larger dimensions are not rotated; the others are. At least 1; 10000 unless set. Fixed at compile time.</summary>
    public int MaxDimension { get; set; } = 10000;

    /// <summary>Merges neighbouring dimensions from the right while their product is at most <see cref="MaxDimension"/>, but never below a matrix. Fixed at compile time.</summary>
    public bool MergeDimensions { get; set; }
}
