using OptBias.Lab.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Tests.Metrics;

public sealed class SimilarityTests
{
    [Fact]
    public void Similarities_do_not_see_rotation_scale_or_shift()
    {
        using var scope = NewDisposeScope();
        var a = Known.Gaussian(60, 5, seed: 1);
        var b = (2.5 * a.matmul(Known.Rotation(5, seed: 2))) + 3;
        Assert.Equal(1, LinearCka.Of(a, b), 9);
        Assert.Equal(1, Svcca.Of(a, b), 9);
        Assert.Equal(0, ProcrustesDistance.Of(a, b), 9);
    }

    [Fact]
    public void Cka_is_the_unbiased_estimator_written_out_over_examples()
    {
        using var scope = NewDisposeScope();
        const int N = 9;
        var x = Known.Gaussian(N, 4, seed: 3);
        var y = x.matmul(Known.Gaussian(4, 3, seed: 5)) + Known.Gaussian(N, 3, seed: 4);
        double[,] Kernel(Tensor t)
        {
            var k = new double[N, N];
            for (var i = 0; i < N; i++)
            {
                for (var j = 0; j < N; j++)
                    k[i, j] = i == j ? 0 : t[i].dot(t[j]).ToDouble();
            }

            return k;
        }

        // The mean over all ordered quadruples of distinct examples of k_ij (l_ij + l_qr − 2 l_iq): the U-statistic itself.
        double Hsic(double[,] k, double[,] l)
        {
            double sum = 0, count = 0;
            for (var i = 0; i < N; i++)
            {
                for (var j = 0; j < N; j++)
                {
                    for (var q = 0; q < N; q++)
                    {
                        for (var r = 0; r < N; r++)
                        {
                            if (i == j || i == q || i == r || j == q || j == r || q == r)
                                continue;
                            sum += k[i, j] * (l[i, j] + l[q, r] - (2 * l[i, q]));
                            count++;
                        }
                    }
                }
            }

            return sum / count;
        }

        var (kx, ky) = (Kernel(x), Kernel(y));
        Assert.Equal(Hsic(kx, ky) / Math.Sqrt(Hsic(kx, kx) * Hsic(ky, ky)), LinearCka.Of(x, y), 9);
    }

    [Fact]
    public void Cka_of_independent_wide_layers_is_about_zero()
    {
        using var scope = NewDisposeScope();
        Assert.InRange(LinearCka.Of(Known.Gaussian(100, 400, seed: 1), Known.Gaussian(100, 400, seed: 2)), -0.05, 0.05);
    }

    [Fact]
    public void Svcca_averages_the_canonical_correlations()
    {
        using var scope = NewDisposeScope();
        // Orthonormal centred columns e1 ... e4: (e1, e2) against (cos e1 + sin e3, e4) has correlations cos and 0.
        var basis = Known.WithSingularValues(12, 4, [1, 1, 1, 1], centred: true).matmul(Known.Rotation(4, seed: 12).t());
        Tensor Column(int i) => basis[TensorIndex.Colon, i..(i + 1)];
        var a = cat([5 * Column(0), Column(1)], dim: 1);
        var b = cat([(Math.Cos(0.7) * Column(0)) + (Math.Sin(0.7) * Column(2)), 2 * Column(3)], dim: 1);
        Assert.Equal(Math.Cos(0.7) / 2, Svcca.Of(a, b, variance: 1), 12);

        // At 90% the weak second direction of a (1/26 of its variance) drops out, and the two of b see only the first.
        Assert.Equal(Math.Cos(0.7), Svcca.Of(a, b, variance: 0.9), 12);
    }

    [Fact]
    public void Procrustes_follows_its_closed_form()
    {
        using var scope = NewDisposeScope();
        var basis = Known.WithSingularValues(12, 3, [1, 1, 1], centred: true).matmul(Known.Rotation(3, seed: 12).t());
        Tensor Column(int i) => basis[TensorIndex.Colon, i..(i + 1)];

        // A = (3 e1, 4 e2)/5 against B = (e2, e1)/sqrt 2: the nuclear norm is (3 + 4)/(5 sqrt 2).
        Assert.Equal(2 - (2 * 7 / (5 * Math.Sqrt(2))), ProcrustesDistance.Of(cat([3 * Column(0), 4 * Column(1)], dim: 1), cat([Column(1), Column(0)], dim: 1)), 12);

        // Orthogonal spaces of different width.
        Assert.Equal(2, ProcrustesDistance.Of(cat([Column(0), Column(1)], dim: 1), Column(2)), 12);
    }

    [Fact]
    public void Disagreement_counts_examples()
    {
        using var scope = NewDisposeScope();
        var a = Known.Of(new double[,] { { 1, 0 }, { 0, 1 }, { 2, 1 }, { 0, 3 } });
        var b = Known.Of(new double[,] { { 9, 8 }, { 1, 0 }, { 2, 1 }, { 0, 3 } });
        Assert.Equal(0.25, PredictionDisagreement.Of(a, b), 12);
        Assert.True(double.IsNaN(PredictionDisagreement.Of(a, full(new long[] { 4, 2 }, double.NaN))));
    }

    [Fact]
    public void What_does_not_vary_has_no_similarity()
    {
        using var scope = NewDisposeScope();
        var a = Known.Gaussian(8, 3, seed: 1);
        foreach (var flat in new[] { zeros(8, 3), full(new long[] { 8, 3 }, 0.1), full(new long[] { 8, 3 }, double.NaN) })
        {
            Assert.True(double.IsNaN(LinearCka.Of(a, flat)));
            Assert.True(double.IsNaN(Svcca.Of(a, flat)));
            Assert.True(double.IsNaN(ProcrustesDistance.Of(a, flat)));
        }

        Assert.True(double.IsNaN(LinearCka.Of(a[..3], a[..3])));
        Assert.True(double.IsNaN(ProcrustesDistance.Of(a[..1], a[..1])));
        Assert.Equal(1, LinearCka.Of(a[TensorIndex.Colon, ..1], a[TensorIndex.Colon, ..1]), 9);
        Assert.Throws<ArgumentException>(() => LinearCka.Of(a, a[..4]));
    }
}
