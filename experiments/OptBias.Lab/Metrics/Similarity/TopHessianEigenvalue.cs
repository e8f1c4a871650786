using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Metrics;

/// <summary>What Lanczos found.</summary>
/// <param name="Value">The largest eigenvalue of the Krylov space, a lower bound on the Hessian's.</param>
/// <param name="Residual">‖Hv − λv‖: some eigenvalue lies within this distance of <paramref name="Value"/>.</param>
/// <param name="Iterations">Hessian-vector products that were spent.</param>
public sealed record LanczosResult(double Value, double Residual, int Iterations);

/// <summary>The largest eigenvalue of the loss's Hessian (sharpness), by Lanczos' method with full reorthogonalisation.</summary>
/// <remarks>
/// Any sign; near 2/lr where gradient descent trains at the edge of stability. A product that is not finite: NaN.
/// Memory: dimension × iterations × 8 bytes. Source: Lanczos 1950; Ghorbani, Krishnan and Xiao, ICML 2019; Cohen et al., ICLR 2021 (sharpness).
/// </remarks>
public static class TopHessianEigenvalue
{
    /// <summary>Runs Lanczos' method.</summary>
    /// <param name="hessianVectorProduct">Maps a vector [dimension] (float64, CPU) to Hv, of any dtype and device. It owns neither.</param>
    /// <param name="dimension">Number of parameters.</param>
    /// <param name="iterations">Most products to spend.</param>
    /// <param name="tolerance">Stops when the residual is below this fraction of the eigenvalue.</param>
    /// <param name="seed">Seed of the starting vector.</param>
    public static LanczosResult Of(Func<Tensor, Tensor> hessianVectorProduct, long dimension, int iterations = 50, double tolerance = 1e-4, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        using var scope = NewDisposeScope();
        var most = (int)Math.Min(iterations, dimension);
        var basis = zeros(most, dimension, dtype: ScalarType.Float64);
        var (diagonal, offDiagonal) = (new List<double>(), new List<double>());
        using var generator = new Generator((ulong)seed);
        var v = randn(dimension, dtype: ScalarType.Float64, generator: generator);
        v = v / v.norm();
        var result = new LanczosResult(double.NaN, double.NaN, 0);
        for (var k = 0; k < most; k++)
        {
            using var inner = NewDisposeScope();
            using (no_grad())
                basis[k] = v;
            var product = hessianVectorProduct(v).detach().to(ScalarType.Float64, CPU).flatten();
            if (!isfinite(product).all().Truth())
                return new(double.NaN, double.NaN, k + 1);
            diagonal.Add(product.dot(v).Number());

            // Once is not enough: rounding brings back what the first pass left (Parlett's "twice is enough").
            var known = basis[..(k + 1)];
            for (var pass = 0; pass < 2; pass++)
                product = product - known.t().mv(known.mv(product));
            var beta = product.norm().Number();
            result = Ritz(diagonal, offDiagonal, beta, k + 1);

            // An invariant subspace: nothing new can be reached from this start.
            var scale = diagonal.Concat(offDiagonal).Max(Math.Abs);
            if (beta <= 1e-12 * scale || result.Residual <= tolerance * Math.Abs(result.Value))
                break;
            offDiagonal.Add(beta);
            v = product.Over(beta).MoveToOuterDisposeScope();
        }

        return result;
    }

    /// <summary>The largest Ritz value; its residual is β times the last entry of its eigenvector in the Krylov basis.</summary>
    private static LanczosResult Ritz(List<double> diagonal, List<double> offDiagonal, double beta, int products)
    {
        var k = diagonal.Count;
        var t = new double[k * k];
        for (var i = 0; i < k; i++)
        {
            t[(i * k) + i] = diagonal[i];
            if (i > 0)
                t[(i * k) + i - 1] = t[((i - 1) * k) + i] = offDiagonal[i - 1];
        }

        var (values, vectors) = linalg.eigh(tensor(t, [k, k]));
        return new(values[k - 1].Number(), beta * Math.Abs(vectors[k - 1, k - 1].Number()), products);
    }
}
