using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace OptBias.Lab.Probes.Certified;

/// <summary>The matrix of the smallest norm that meets linear conditions ⟨Aᵢ, W⟩ = bᵢ or ⟨Aᵢ, W⟩ ≥ bᵢ, with its certificate.</summary>
/// <remarks>
/// <para>
/// The certificate is weak duality. For every y (y ≥ 0 where the conditions are inequalities) and every W that meets them,
/// <c>b·y ≤ ⟨Σ yᵢ Aᵢ, W⟩ ≤ ‖Σ yᵢ Aᵢ‖_* ‖W‖</c>, so that no W has a norm below <c>b·y / ‖Σ yᵢ Aᵢ‖_*</c>. Norm and bound are computed
/// from the numbers that are returned, whoever found them.
/// </para>
/// <para>
/// A largest margin is a smallest norm: of all W with ⟨Aᵢ, W⟩ ≥ 1 the one of the smallest norm has the margin 1/‖W‖, which is the largest.
/// </para>
/// </remarks>
internal static class SmallestNorm
{
    private const double Gap = 1e-8;
    private const double MostGap = 1e-6;
    private const double MostResidual = 1e-8;

    /// <summary>Finds it.</summary>
    /// <param name="geometry">The norm.</param>
    /// <param name="columns">Columns of W.</param>
    /// <param name="conditions">The matrices A, row by row.</param>
    /// <param name="bounds">b.</param>
    /// <param name="inside">null for equations; for inequalities a W with ⟨Aᵢ, W⟩ &gt; bᵢ &gt; 0.</param>
    /// <exception cref="ArithmeticException">The certificate does not hold.</exception>
    public static CertifiedNorm Of(Geometry geometry, int columns, double[][] conditions, double[] bounds, double[]? inside = null)
    {
        var (matrix, multipliers) = geometry.Dual() is { } dual && geometry is Geometry.Nuclear or Geometry.L1
            ? ByDual(BarrierOf(dual, conditions[0].Length / columns, columns), geometry, columns, conditions, bounds, inside is not null)
            : inside is not null
                ? ByInequalities(BarrierOf(geometry, conditions[0].Length / columns, columns), geometry, columns, conditions, bounds, inside)
                : ByEquations(BarrierOf(geometry, conditions[0].Length / columns, columns), geometry, columns, conditions, bounds);
        return Certify(geometry, columns, conditions, bounds, inside is not null, inside is null ? Corrected(matrix, conditions, bounds) : Shrunk(matrix, conditions, bounds), multipliers);
    }

    private static CertifiedNorm Certify(Geometry geometry, int columns, double[][] conditions, double[] bounds, bool inequalities, double[] matrix, double[] multipliers)
    {
        var products = conditions.Select(a => TensorPrimitives.Dot<double>(a, matrix)).ToArray();
        var residual = products.Select((p, i) => inequalities ? Math.Max(0, bounds[i] - p) : Math.Abs(p - bounds[i])).Max() / bounds.Max(Math.Abs);
        var weighted = new double[matrix.Length];
        for (var i = 0; i < conditions.Length; i++)
        {
            if (inequalities && multipliers[i] < 0)
                throw new ArithmeticException($"The multiplier of condition {i} is negative.");
            TensorPrimitives.MultiplyAdd(conditions[i], multipliers[i], weighted, weighted);
        }

        var norm = geometry.Norm(matrix, columns);
        var bound = TensorPrimitives.Dot<double>(bounds, multipliers) / geometry.DualNorm(weighted, columns);
        if (!(Math.Abs(norm - bound) <= MostGap * norm) || !(residual <= MostResidual))
            throw new ArithmeticException(FormattableString.Invariant($"The smallest {geometry} norm has no certificate: norm {norm:R}, lower bound {bound:R}, conditions violated by {residual:0.0e0}."));
        return new(geometry, norm, bound, residual, matrix);
    }

    /// <summary>The nearest matrix that meets the equations: the path's end meets them up to its own rounding.</summary>
    private static double[] Corrected(double[] matrix, double[][] conditions, double[] bounds)
    {
        var a = Matrix<double>.Build.DenseOfRowArrays(conditions);
        var missing = Vector<double>.Build.Dense(bounds) - (a * Vector<double>.Build.Dense(matrix));
        return (Vector<double>.Build.Dense(matrix) + (a.Transpose() * (a * a.Transpose()).Cholesky().Solve(missing))).ToArray();
    }

    /// <summary>The inequalities hold with room to spare, or fail by rounding: the matrix is scaled until the tightest is an equation.</summary>
    private static double[] Shrunk(double[] matrix, double[][] conditions, double[] bounds)
    {
        var smallest = conditions.Select((a, i) => TensorPrimitives.Dot<double>(a, matrix) / bounds[i]).Min();
        return [.. matrix.Select(x => x / smallest)];
    }

    private static (double[] Matrix, double[] Multipliers) ByInequalities(INormBarrier barrier, Geometry geometry, int columns, double[][] conditions, double[] bounds, double[] inside)
    {
        var n = inside.Length;
        var path = new CentralPath
        {
            Objective = Unit(n + 1, n),
            Inequalities = [.. conditions.Select((a, i) => ((double[])[.. a, 0], -bounds[i]))],
            Barrier = barrier,
            Map = [.. Enumerable.Range(0, n + 1).Select(i => Unit(n + 1, i))],
            Origin = new double[n + 1],
        };
        var norm = geometry.Norm(inside, columns);
        var end = path.Follow([.. inside, 2 * norm], Gap * norm);
        return (end[..n], path.Multipliers);
    }

    private static (double[] Matrix, double[] Multipliers) ByEquations(INormBarrier barrier, Geometry geometry, int columns, double[][] conditions, double[] bounds)
    {
        var a = Matrix<double>.Build.DenseOfRowArrays(conditions);
        var gram = (a * a.Transpose()).Cholesky();
        var particular = (a.Transpose() * gram.Solve(Vector<double>.Build.Dense(bounds))).ToArray();
        var free = a.Svd(computeVectors: true).VT.EnumerateRows(conditions.Length, a.ColumnCount - conditions.Length).Select(r => r.ToArray()).ToArray();
        var n = free.Length;
        var path = new CentralPath
        {
            Objective = Unit(n + 1, n),
            Inequalities = [],
            Barrier = barrier,
            Map = [.. Enumerable.Range(0, particular.Length).Select(i => (double[])[.. free.Select(row => row[i]), 0]), Unit(n + 1, n)],
            Origin = [.. particular, 0],
        };
        var norm = geometry.Norm(particular, columns);
        var end = path.Follow([.. new double[n], 2 * norm], Gap * norm);
        var matrix = particular.Select((x, i) => x + free.Select((row, k) => row[i] * end[k]).Sum()).ToArray();
        return (matrix, gram.Solve(a * Vector<double>.Build.Dense(path.DualMatrix)).ToArray());
    }

    /// <summary>max b·y with ‖Σ yᵢ Aᵢ‖_* ≤ 1 has an easy barrier where the norm itself has none.</summary>
    private static (double[] Matrix, double[] Multipliers) ByDual(INormBarrier barrier, Geometry geometry, int columns, double[][] conditions, double[] bounds, bool inequalities)
    {
        var (n, elements) = (conditions.Length, conditions[0].Length);
        var sum = new double[elements];
        foreach (var a in conditions)
            TensorPrimitives.Add(sum, a, sum);
        var path = new CentralPath
        {
            Objective = [.. bounds.Select(b => -b)],
            Inequalities = inequalities ? [.. Enumerable.Range(0, n).Select(i => (Unit(n, i), 0.0))] : [],
            Barrier = barrier,
            Map = [.. Enumerable.Range(0, elements).Select(e => conditions.Select(a => a[e]).ToArray()), new double[n]],
            Origin = Unit(elements + 1, elements),
        };
        var start = new double[n];
        if (inequalities)
            Array.Fill(start, 0.5 / geometry.DualNorm(sum, columns));
        var end = path.Follow(start, Gap * bounds.Max(Math.Abs));
        return (path.DualMatrix, end);
    }

    private static INormBarrier BarrierOf(Geometry geometry, int rows, int columns) => geometry switch
    {
        Geometry.Spectral => new SpectralBarrier(rows, columns),
        Geometry.Frobenius => new GroupBarrier(rows * columns, 1, static _ => 0),
        Geometry.Max => new GroupBarrier(rows * columns, rows * columns, static i => i),
        Geometry.Rows => new GroupBarrier(rows * columns, rows, i => i / columns),
        Geometry.Columns => new GroupBarrier(rows * columns, columns, i => i % columns),
        _ => throw new ArgumentOutOfRangeException(nameof(geometry), geometry, "This norm is treated by its dual."),
    };

    private static double[] Unit(int size, int at)
    {
        var unit = new double[size];
        unit[at] = 1;
        return unit;
    }
}

/// <summary>A smallest norm with the numbers that prove it.</summary>
/// <param name="Geometry">The norm.</param>
/// <param name="Norm">The norm of <paramref name="Matrix"/>, which meets the conditions.</param>
/// <param name="Bound">What no norm of any matrix that meets them is below, by the dual norm of a weighted sum of the conditions.</param>
/// <param name="Residual">By how much the matrix violates a condition, relative to the largest.</param>
/// <param name="Matrix">The matrix, row by row.</param>
internal sealed record CertifiedNorm(Geometry Geometry, double Norm, double Bound, double Residual, double[] Matrix)
{
    /// <summary>The relative distance of norm and bound.</summary>
    public double Gap => Math.Abs(this.Norm - this.Bound) / this.Norm;
}
