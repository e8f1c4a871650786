using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace OptBias.Lab.Probes.Problems;

/// <summary>The largest eigenvalue of a symmetric matrix that is known by its products.</summary>
/// <remarks>Lanczos with full reorthogonalization. Source: Golub and Van Loan, "Matrix Computations", section 10.1.</remarks>
internal static class Lanczos
{
    /// <summary>The eigenvalue.</summary>
    /// <param name="multiply">Writes A v.</param>
    /// <param name="start">A first vector, not zero.</param>
    /// <param name="steps">Most steps.</param>
    public static double Largest(Action<double[], double[]> multiply, double[] start, int steps)
    {
        var n = start.Length;
        steps = Math.Min(steps, n);
        var basis = new List<double[]>();
        var (diagonal, off) = (new List<double>(), new List<double>());
        var v = start.Select(x => x / TensorPrimitives.Norm<double>(start)).ToArray();
        for (var k = 0; k < steps; k++)
        {
            basis.Add(v);
            var w = new double[n];
            multiply(v, w);
            diagonal.Add(TensorPrimitives.Dot<double>(v, w));
            for (var again = 0; again < 2; again++)
            {
                foreach (var q in basis)
                    TensorPrimitives.MultiplyAdd(q, -TensorPrimitives.Dot<double>(q, w), w, w);
            }

            var length = TensorPrimitives.Norm<double>(w);
            if (!(length > 1e-9 * Math.Abs(diagonal.Max(Math.Abs))))
                break;
            off.Add(length);
            v = w.Select(x => x / length).ToArray();
        }

        var size = diagonal.Count;
        if (diagonal.Any(d => !double.IsFinite(d)))
            return double.NaN;
        var small = Matrix<double>.Build.Dense(size, size, (i, j) => i == j ? diagonal[i] : Math.Abs(i - j) == 1 ? off[Math.Min(i, j)] : 0);
        return small.Evd(Symmetricity.Symmetric).EigenValues.Max(static e => e.Real);
    }
}
