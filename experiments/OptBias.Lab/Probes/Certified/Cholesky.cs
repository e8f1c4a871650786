using System.Numerics.Tensors;

namespace OptBias.Lab.Probes.Certified;

/// <summary>Cholesky's factorization of small, dense, symmetric positive definite matrices, row by row in one array.</summary>
internal static class Cholesky
{
    /// <summary>Replaces the lower triangle by L with A = L Lᵀ.</summary>
    /// <returns>Whether A is positive definite; if not, the array is of no use.</returns>
    public static bool Factor(double[] a, int n)
    {
        for (var i = 0; i < n; i++)
        {
            var row = a.AsSpan(i * n, n);
            for (var j = 0; j <= i; j++)
            {
                var rest = row[j] - TensorPrimitives.Dot<double>(row[..j], a.AsSpan(j * n, j));
                if (j < i)
                    row[j] = rest / a[(j * n) + j];
                else if (rest > 0)
                    row[i] = Math.Sqrt(rest);
                else
                    return false;
            }
        }

        return true;
    }

    /// <summary>Solves L Lᵀ x = b in place.</summary>
    public static void Solve(double[] factor, int n, Span<double> b)
    {
        for (var i = 0; i < n; i++)
            b[i] = (b[i] - TensorPrimitives.Dot<double>(factor.AsSpan(i * n, i), b[..i])) / factor[(i * n) + i];
        for (var i = n - 1; i >= 0; i--)
        {
            b[i] /= factor[(i * n) + i];
            for (var j = 0; j < i; j++)
                b[j] -= factor[(i * n) + j] * b[i];
        }
    }

    /// <summary>The inverse of L Lᵀ.</summary>
    public static double[] Inverse(double[] factor, int n)
    {
        var inverse = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            inverse[(i * n) + i] = 1;
            Solve(factor, n, inverse.AsSpan(i * n, n));
        }

        return inverse;
    }
}
