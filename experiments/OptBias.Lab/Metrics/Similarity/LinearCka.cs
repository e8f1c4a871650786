using OptBias.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>
/// Linear centred kernel alignment from the unbiased estimator of HSIC: HSIC₁(K, L) / √(HSIC₁(K, K) HSIC₁(L, L)) with K = XXᵀ, L = YYᵀ.
/// </summary>
/// <remarks>
/// <para>
/// With K̃, L̃ the kernels without their diagonals, HSIC₁ = (tr K̃L̃ + 1ᵀK̃1 1ᵀL̃1 / ((n−1)(n−2)) − 2 · 1ᵀK̃L̃1 / (n−2)) / (n(n−3)).
/// All of it is computed from d × d products, so many examples cost little.
/// </para>
/// <para>
/// At most 1; 1 for representations that agree up to rotation, scale and shift; about 0, possibly below, for independent ones,
/// whatever their width: the biased estimator grows towards 1 with d/n. Fewer than four examples, or a representation that does not vary: NaN.
/// A NaN or an infinity anywhere: NaN.
/// </para>
/// <para>Source: Kornblith et al., ICML 2019 (CKA); Song et al., JMLR 2012 (HSIC₁); Nguyen, Raghu and Kornblith, ICLR 2021.</para>
/// </remarks>
public static class LinearCka
{
    /// <summary>The alignment of two representations of the same examples, [n, d₁] and [n, d₂].</summary>
    /// <exception cref="ArgumentException">Not matrices of the same examples.</exception>
    public static double Of(Tensor a, Tensor b) => Measure.Pair(a, b, (x, y) =>
    {
        if (x.shape[0] < 4)
            return double.NaN;
        var kx = new LinearKernel(x);
        var ky = new LinearKernel(y);
        var (xx, yy) = (kx.Hsic(kx), ky.Hsic(ky));
        return kx.IsConstant || ky.IsConstant || xx <= 0 || yy <= 0
            ? double.NaN
            : Math.Clamp(kx.Hsic(ky) / Math.Sqrt(xx) / Math.Sqrt(yy), -1, 1);
    });

    /// <summary>What HSIC needs of XXᵀ without its diagonal; X is centred, which changes nothing but rounding.</summary>
    private sealed class LinearKernel
    {
        private readonly Tensor x;
        private readonly Tensor diagonal;
        private readonly Tensor rowSums;

        public LinearKernel(Tensor activity)
        {
            var largest = activity.abs().max().Number();
            var centred = activity - activity.mean([0], keepdim: true);
            this.IsConstant = centred.abs().max().Number() <= 1e-12 * largest;
            this.x = this.IsConstant ? centred : centred / centred.abs().max();
            this.diagonal = this.x.Squared().sum([1]);
            this.rowSums = this.x.matmul(this.x.sum([0])) - this.diagonal;
        }

        public bool IsConstant { get; }

        public double Hsic(LinearKernel other)
        {
            double n = this.x.shape[0];
            var trace = this.x.t().matmul(other.x).Squared().sum().Number() - this.diagonal.dot(other.diagonal).Number();
            var sums = this.rowSums.sum().Number() * other.rowSums.sum().Number();
            var cross = this.rowSums.dot(other.rowSums).Number();
            return (trace + (sums / ((n - 1) * (n - 2))) - (2 * cross / (n - 2))) / (n * (n - 3));
        }
    }
}
