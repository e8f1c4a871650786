using MathNet.Numerics.LinearAlgebra;

namespace OptBias.Lab.Probes.Certified;

/// <summary>The singular value decomposition of a small row-major matrix.</summary>
internal sealed class SmallSvd
{
    private readonly MathNet.Numerics.LinearAlgebra.Factorization.Svd<double> svd;
    private readonly int columns;

    private SmallSvd(ReadOnlySpan<double> matrix, int columns, bool vectors)
    {
        this.columns = columns;
        this.svd = Matrix<double>.Build.DenseOfRowMajor(matrix.Length / columns, columns, matrix.ToArray()).Svd(vectors);
    }

    /// <summary>The decomposition of a matrix.</summary>
    public static SmallSvd Of(ReadOnlySpan<double> matrix, int columns) => new(matrix, columns, vectors: true);

    /// <summary>The singular values, the largest first.</summary>
    public static double[] Values(ReadOnlySpan<double> matrix, int columns) => new SmallSvd(matrix, columns, vectors: false).svd.S.ToArray();

    /// <summary>Σ f(σᵢ, i) uᵢ vᵢᵀ.</summary>
    public void Rebuild(Func<double, int, double> f, Span<double> result)
    {
        result.Clear();
        for (var k = 0; k < this.svd.S.Count; k++)
        {
            var weight = f(this.svd.S[k], k);
            if (weight == 0)
                continue;
            for (var i = 0; i < result.Length; i++)
                result[i] += weight * this.svd.U[i / this.columns, k] * this.svd.VT[k, i % this.columns];
        }
    }
}
