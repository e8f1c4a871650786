using OptBias.Routes;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>The orthonormal bases that a <see cref="KroneckerBasis"/> takes from its factors.</summary>
/// <remarks>
/// Both read factor and basis rounded to float32, whatever the dtype of the state, as the SOAP reference does. For a
/// rank-deficient factor this is not only speed: the rounding decides which basis of the null space comes out, where the
/// last bits of a float64 factor would leave it to the linear algebra library.
/// </remarks>
internal static class Orthonormal
{
    /// <summary>Up to this size the factorisation is done here, operation by operation as LAPACK's unblocked routines: the same bits on every machine, and cheaper than a call.</summary>
    private const int SmallSize = 32;

    /// <summary>Eigenvectors in columns, in the order of descending eigenvalues, decomposed in float64; of one matrix or of a stack of them.</summary>
    public static Tensor Eigenvectors(Tensor factor, Eigensolver eigensolver)
    {
        using var scope = NewDisposeScope();
        var (_, vectors) = InverseRoot.Decompose(factor.to(ScalarType.Float32).to(ScalarType.Float64), eigensolver);
        return vectors.flip(-1).to(factor.dtype).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>
    /// One step of orthogonal iteration: columns of Q sorted by <c>diag(Qᵀ A Q)</c>, descending, then the orthonormal
    /// factor of A Q.
    /// </summary>
    /// <param name="factor">A, symmetric; or a stack of such.</param>
    /// <param name="basis">Q, or a stack.</param>
    /// <param name="order">The permutation that sorted the columns, int64, for each matrix; for statistics kept in the basis.</param>
    public static Tensor Iterate(Tensor factor, Tensor basis, out Tensor order)
    {
        using var alone = OneBlasThread.Enter();
        using var scope = NewDisposeScope();
        var a = factor.to(ScalarType.Float32);
        var q = basis.to(ScalarType.Float32);
        var n = (int)a.shape[^1];
        var small = n <= SmallSize && RouteOf.Of(a) == Route.Simd;
        var product = small ? SmallProduct(a, q, n) : a.matmul(q);
        order = argsort((q * product).sum([-2L]), descending: true);
        var sorted = product.gather(-1, order.unsqueeze(-2).expand(product.shape));
        var next = small ? SmallHouseholder(sorted, n) : linalg.qr(sorted).Q;
        order.MoveToOuterDisposeScope();
        return next.to(basis.dtype).contiguous().MoveToOuterDisposeScope();
    }

    private static Tensor SmallProduct(Tensor a, Tensor b, int n)
    {
        var (left, right, result) = (a.contiguous().data<float>().ToArray(), b.contiguous().data<float>().ToArray(), new float[n * n]);
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < n; k++)
            {
                for (var j = 0; j < n; j++)
                    result[(i * n) + j] += left[(i * n) + k] * right[(k * n) + j];
            }
        }

        return tensor(result).view(n, n);
    }

    /// <summary>Q of the Householder QR decomposition, as LAPACK's sgeqr2 and sorg2r.</summary>
    private static Tensor SmallHouseholder(Tensor matrix, int n)
    {
        var a = matrix.contiguous().data<float>().ToArray();
        var tau = new float[n];
        for (var i = 0; i < n; i++)
        {
            tau[i] = Reflector(a, n, i);
            var diagonal = a[(i * n) + i];
            a[(i * n) + i] = 1;
            Reflect(a, n, i, tau[i]);
            a[(i * n) + i] = diagonal;
        }

        for (var i = n - 1; i >= 0; i--)
        {
            a[(i * n) + i] = 1;
            Reflect(a, n, i, tau[i]);
            for (var row = i + 1; row < n; row++)
                a[(row * n) + i] *= -tau[i];
            a[(i * n) + i] = 1 - tau[i];
            for (var row = 0; row < i; row++)
                a[(row * n) + i] = 0;
        }

        return tensor(a).view(n, n);
    }

    /// <summary>Makes the reflector of column i below the diagonal (LAPACK's slarfg); returns τ.</summary>
    private static float Reflector(float[] a, int n, int i)
    {
        var squares = 0f;
        for (var row = i + 1; row < n; row++)
            squares += a[(row * n) + i] * a[(row * n) + i];
        var norm = MathF.Sqrt(squares);
        if (norm == 0)
            return 0;
        var alpha = a[(i * n) + i];
        var (larger, smaller) = (Math.Max(Math.Abs(alpha), norm), Math.Min(Math.Abs(alpha), norm));
        var ratio = smaller / larger;
        var beta = -MathF.CopySign(larger * MathF.Sqrt((ratio * ratio) + 1), alpha);
        var scale = 1 / (alpha - beta);
        for (var row = i + 1; row < n; row++)
            a[(row * n) + i] *= scale;
        a[(i * n) + i] = beta;
        return (beta - alpha) / beta;
    }

    /// <summary>Applies the reflector of column i to the columns right of it (LAPACK's slarf).</summary>
    private static void Reflect(float[] a, int n, int i, float tau)
    {
        for (var column = i + 1; column < n; column++)
        {
            var dot = 0f;
            for (var row = i; row < n; row++)
                dot += a[(row * n) + column] * a[(row * n) + i];
            var step = -tau * dot;
            for (var row = i; row < n; row++)
                a[(row * n) + column] += a[(row * n) + i] * step;
        }
    }
}
