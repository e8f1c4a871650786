namespace OptBias.Lab.Probes.Certified;

/// <summary>−log det [s I, W; Wᵀ, s I]: the barrier of the largest singular value.</summary>
internal sealed class SpectralBarrier(int rows, int columns) : INormBarrier
{
    private readonly int size = rows + columns;

    public double Parameter => this.size;

    public double Value(ReadOnlySpan<double> matrix, double bound)
    {
        var block = this.Block(matrix, bound);
        if (!Cholesky.Factor(block, this.size))
            return double.PositiveInfinity;
        var value = 0.0;
        for (var i = 0; i < this.size; i++)
            value -= 2 * Math.Log(block[(i * this.size) + i]);
        return value;
    }

    /// <summary>With P the block's inverse: −tr(P dM) and tr(P dM P dM'), where dM of element (a, b) is e_a e_{r+b}ᵀ + e_{r+b} e_aᵀ, and that of s is I.</summary>
    public void Derivatives(ReadOnlySpan<double> matrix, double bound, Span<double> gradient, Span<double> hessian)
    {
        var block = this.Block(matrix, bound);
        Cholesky.Factor(block, this.size);
        var p = Cholesky.Inverse(block, this.size);
        var (m, elements) = (this.size, rows * columns);
        var n = elements + 1;
        gradient[elements] = 0;
        hessian[(elements * n) + elements] = 0;
        for (var i = 0; i < m; i++)
        {
            gradient[elements] -= p[(i * m) + i];
            for (var j = 0; j < m; j++)
                hessian[(elements * n) + elements] += p[(i * m) + j] * p[(i * m) + j];
        }

        for (var i = 0; i < elements; i++)
        {
            var (a, b) = (i / columns, rows + (i % columns));
            gradient[i] = -2 * p[(a * m) + b];
            var square = 0.0;
            for (var k = 0; k < m; k++)
                square += p[(a * m) + k] * p[(k * m) + b];
            hessian[(i * n) + elements] = hessian[(elements * n) + i] = 2 * square;
            for (var j = 0; j < elements; j++)
            {
                var (c, d) = (j / columns, rows + (j % columns));
                hessian[(i * n) + j] = 2 * ((p[(b * m) + c] * p[(d * m) + a]) + (p[(b * m) + d] * p[(c * m) + a]));
            }
        }
    }

    private double[] Block(ReadOnlySpan<double> matrix, double bound)
    {
        var block = new double[this.size * this.size];
        for (var i = 0; i < this.size; i++)
            block[(i * this.size) + i] = bound;
        for (var i = 0; i < matrix.Length; i++)
        {
            var (a, b) = (i / columns, rows + (i % columns));
            block[(a * this.size) + b] = block[(b * this.size) + a] = matrix[i];
        }

        return block;
    }
}
