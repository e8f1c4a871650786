using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Tests.Metrics;

/// <summary>Matrices whose properties are known by construction. Everything is float64 and seeded by the caller.</summary>
internal static class Known
{
    public static Tensor Gaussian(int n, int d, int seed)
    {
        var random = new Random(seed);
        var values = new double[n * d];
        for (var i = 0; i < values.Length; i++)
            values[i] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return tensor(values, [n, d]);
    }

    /// <summary>An orthogonal matrix: products of Givens rotations, made without any decomposition.</summary>
    public static Tensor Rotation(int d, int seed)
    {
        var random = new Random(seed);
        var q = new double[d, d];
        for (var i = 0; i < d; i++)
            q[i, i] = 1;
        for (var a = 0; a < d; a++)
        {
            for (var b = a + 1; b < d; b++)
            {
                var (s, c) = Math.SinCos(random.NextDouble() * 2 * Math.PI);
                for (var k = 0; k < d; k++)
                    (q[k, a], q[k, b]) = ((c * q[k, a]) - (s * q[k, b]), (s * q[k, a]) + (c * q[k, b]));
            }
        }

        return Of(q);
    }

    /// <summary>A matrix [n, d] with exactly these singular values, and, where asked for, columns of mean zero.</summary>
    public static Tensor WithSingularValues(int n, int d, double[] values, bool centred = false)
    {
        var left = Rotation(n, seed: 11);
        if (centred)
            left = Helmert(n);
        var right = Rotation(d, seed: 12);
        var core = zeros(n, d, dtype: ScalarType.Float64);
        for (var i = 0; i < values.Length; i++)
            core[i, i] = values[i];
        return left.matmul(core).matmul(right);
    }

    public static Tensor Of(double[,] values) => tensor(values.Cast<double>().ToArray(), [values.GetLength(0), values.GetLength(1)]);

    /// <summary>Helmert's contrasts as columns: orthonormal, all but the last orthogonal to the ones vector.</summary>
    private static Tensor Helmert(int n)
    {
        var q = new double[n, n];
        for (var k = 1; k < n; k++)
        {
            var norm = Math.Sqrt(k * (k + 1.0));
            for (var i = 0; i < k; i++)
                q[i, k - 1] = 1 / norm;
            q[k, k - 1] = -k / norm;
        }

        for (var i = 0; i < n; i++)
            q[i, n - 1] = 1 / Math.Sqrt(n);
        return Of(q);
    }
}
