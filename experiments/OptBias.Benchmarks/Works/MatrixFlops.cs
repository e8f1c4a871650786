namespace OptBias.Benchmarks.Works;

/// <summary>Floating point operations of the matrix stages, counted by hand: an addition and a multiplication are two.</summary>
/// <remarks>
/// For an m × n matrix. A symmetric product of which one triangle is computed counts half. The eigendecomposition of an n × n matrix
/// is counted as 4/3 n³ (reduction to tridiagonal form), 8/3 n³ (divide and conquer with vectors, an upper bound) and 2 n³ (back
/// transformation); the root from it is one triangle of a product, n³: together 7 n³. Vectors are columns.
/// </remarks>
public static class MatrixFlops
{
    /// <summary>Shampoo's step without a refresh: two Gram matrices and two products with roots.</summary>
    public static double ShampooStep(IEnumerable<long[]> shapes) => shapes.Sum(shape => shape.Length == 1
        ? (1.0 * shape[0] * shape[0]) + (2.0 * shape[0] * shape[0])
        : Rectangle(shape, (m, n) => (m * m * n) + (n * n * m) + (2 * m * n * (m + n))));

    /// <summary>Shampoo's refresh of all roots.</summary>
    public static double ShampooRefresh(IEnumerable<long[]> shapes) => shapes.Sum(shape => shape.Sum(n => 7.0 * n * n * n));

    /// <summary>Muon's five iterations: a Gram matrix, its square, the polynomial times X. Vectors have none.</summary>
    public static double MuonStep(IEnumerable<long[]> shapes) => shapes.Sum(shape => shape.Length == 1
        ? 0
        : Rectangle(shape, (m, n) =>
        {
            var (small, large) = (Math.Min(m, n), Math.Max(m, n));
            return 5 * ((small * small * large) + (small * small * small) + (2 * small * small * large));
        }));

    /// <summary>Forward and backward of fully connected layers: 2 operations a weight and example forward, 4 backward.</summary>
    public static double Training(IEnumerable<long[]> shapes, long batch) => shapes.Where(s => s.Length == 2).Sum(s => 6.0 * batch * s[0] * s[1]);

    private static double Rectangle(long[] shape, Func<double, double, double> count) => count(shape[0], shape[1]);
}
