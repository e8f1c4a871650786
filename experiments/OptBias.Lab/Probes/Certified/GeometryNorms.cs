using System.Numerics.Tensors;

namespace OptBias.Lab.Probes.Certified;

/// <summary>Norm, dual norm and steepest direction of each <see cref="Geometry"/>, of row-major matrices.</summary>
internal static class GeometryNorms
{
    /// <summary>‖W‖.</summary>
    public static double Norm(this Geometry geometry, ReadOnlySpan<double> matrix, int columns) => geometry switch
    {
        Geometry.Spectral => SmallSvd.Values(matrix, columns)[0],
        Geometry.Frobenius => TensorPrimitives.Norm(matrix),
        Geometry.Max => Math.Abs(TensorPrimitives.MaxMagnitude(matrix)),
        Geometry.Nuclear => SmallSvd.Values(matrix, columns).Sum(),
        Geometry.L1 => TensorPrimitives.SumOfMagnitudes(matrix),
        Geometry.Rows => RowLengths(matrix, columns).Max(),
        _ => ColumnLengths(matrix, columns).Max(),
    };

    /// <summary>The largest product with an element of the unit ball: ‖G‖_* = max ⟨G, W⟩ over ‖W‖ ≤ 1.</summary>
    public static double DualNorm(this Geometry geometry, ReadOnlySpan<double> matrix, int columns) => geometry switch
    {
        Geometry.Spectral => Geometry.Nuclear.Norm(matrix, columns),
        Geometry.Frobenius => Geometry.Frobenius.Norm(matrix, columns),
        Geometry.Max => Geometry.L1.Norm(matrix, columns),
        Geometry.Nuclear => Geometry.Spectral.Norm(matrix, columns),
        Geometry.L1 => Geometry.Max.Norm(matrix, columns),
        Geometry.Rows => RowLengths(matrix, columns).Sum(),
        _ => ColumnLengths(matrix, columns).Sum(),
    };

    /// <summary>The element of the unit ball that has this product: the direction of steepest descent, without its sign.</summary>
    public static double[] Steepest(this Geometry geometry, ReadOnlySpan<double> gradient, int columns)
    {
        var direction = new double[gradient.Length];
        switch (geometry)
        {
            case Geometry.Spectral:
                SmallSvd.Of(gradient, columns).Rebuild(static (_, _) => 1, direction);
                break;
            case Geometry.Nuclear:
                SmallSvd.Of(gradient, columns).Rebuild(static (_, i) => i == 0 ? 1 : 0, direction);
                break;
            case Geometry.Frobenius:
                TensorPrimitives.Divide(gradient, Math.Max(TensorPrimitives.Norm(gradient), double.Epsilon), direction);
                break;
            case Geometry.Max:
                for (var i = 0; i < gradient.Length; i++)
                    direction[i] = Math.Sign(gradient[i]);
                break;
            case Geometry.L1:
                var largest = TensorPrimitives.IndexOfMaxMagnitude(gradient);
                direction[largest] = Math.Sign(gradient[largest]);
                break;
            default:
                var lengths = geometry == Geometry.Rows ? RowLengths(gradient, columns) : ColumnLengths(gradient, columns);
                for (var i = 0; i < gradient.Length; i++)
                    direction[i] = gradient[i] / Math.Max(lengths[geometry == Geometry.Rows ? i / columns : i % columns], double.Epsilon);
                break;
        }

        return direction;
    }

    /// <summary>The geometry whose unit ball is that of the dual norm, where it is one of the seven.</summary>
    public static Geometry? Dual(this Geometry geometry) => geometry switch
    {
        Geometry.Spectral => Geometry.Nuclear,
        Geometry.Frobenius => Geometry.Frobenius,
        Geometry.Max => Geometry.L1,
        Geometry.Nuclear => Geometry.Spectral,
        Geometry.L1 => Geometry.Max,
        _ => null,
    };

    private static double[] RowLengths(ReadOnlySpan<double> matrix, int columns)
    {
        var lengths = new double[matrix.Length / columns];
        for (var i = 0; i < lengths.Length; i++)
            lengths[i] = TensorPrimitives.Norm(matrix.Slice(i * columns, columns));
        return lengths;
    }

    private static double[] ColumnLengths(ReadOnlySpan<double> matrix, int columns)
    {
        var lengths = new double[columns];
        for (var i = 0; i < matrix.Length; i++)
            lengths[i % columns] += matrix[i] * matrix[i];
        for (var j = 0; j < columns; j++)
            lengths[j] = Math.Sqrt(lengths[j]);
        return lengths;
    }
}
