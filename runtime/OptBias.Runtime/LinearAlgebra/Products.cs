using OptBias.Kernels;
using OptBias.Routes;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>Matrix products on tensors that exist already: through libtorch's BLAS on the CPU, through TorchSharp elsewhere.</summary>
internal static class Products
{
    [ThreadStatic]
    private static GemmQueue? queue;

    /// <summary><c>C ← α op(A) op(B) + β C</c>. With β = 0 the old C is not read.</summary>
    /// <remarks>C must overlap neither A nor B.</remarks>
    public static void Multiply(in Matrix a, bool transposeA, in Matrix b, bool transposeB, in Matrix c, double alpha = 1, double beta = 0)
    {
        var k = transposeA ? a.Rows : a.Columns;
        if (c.Rows == 0 || c.Columns == 0)
            return;
        if (RouteOf.Of(c.Tensor) == Route.Simd)
            MultiplyHere(transposeA, transposeB, c.Rows, c.Columns, k, alpha, a, b, beta, c);
        else
            MultiplyByTorch(a, transposeA, b, transposeB, c, alpha, beta);
    }

    /// <summary><c>A B</c> of contiguous square matrices of one size and type, float32 or float64. The result belongs to the caller.</summary>
    public static Tensor Multiply(Tensor a, Tensor b)
    {
        if (RouteOf.Of(a) != Route.Simd)
            return a.mm(b);
        var n = a.shape[0];
        var product = empty_like(a);
        Multiply(Matrix.Of(a, n, n), false, Matrix.Of(b, n, n), false, Matrix.Of(product, n, n));
        return product;
    }

    /// <summary>In panels, which the threads share and no number of threads changes.</summary>
    private static void MultiplyHere(bool transposeA, bool transposeB, long m, long n, long k, double alpha, in Matrix a, in Matrix b, double beta, in Matrix c)
    {
        queue ??= new GemmQueue();
        queue.Add(transposeA, transposeB, m, n, k, alpha, a.Data, a.Stride, b.Data, b.Stride, beta, c.Data, c.Stride, c.Tensor.dtype == ScalarType.Float64);
        queue.Run();
    }

    /// <summary>The same by TorchSharp operations, for every device.</summary>
    internal static void MultiplyByTorch(in Matrix a, bool transposeA, in Matrix b, bool transposeB, in Matrix c, double alpha, double beta)
    {
        using var scope = NewDisposeScope();
        var left = transposeA ? a.View().t() : a.View();
        var right = transposeB ? b.View().t() : b.View();
        var target = c.View();

        // addmm_ takes its coefficients as float32: for float64 tensors those that are not representable are applied apart.
        if (c.Tensor.dtype == ScalarType.Float64)
        {
            if (beta != (float)beta)
            {
                target.Times_(beta);
                beta = 1;
            }

            if (alpha != (float)alpha)
            {
                left = left.Times(alpha);
                alpha = 1;
            }
        }

        target.addmm_(left, right, (float)beta, (float)alpha);
    }
}
