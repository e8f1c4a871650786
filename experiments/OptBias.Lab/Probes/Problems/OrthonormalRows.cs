using System.Numerics.Tensors;
using OptBias.Lab.Data;

namespace OptBias.Lab.Probes.Problems;

/// <summary>Random orthonormal rows.</summary>
internal static class OrthonormalRows
{
    /// <summary>By Gram and Schmidt, twice, from normal numbers.</summary>
    public static double[][] Make(SeededRandom random, int count, int dimension)
    {
        var rows = new double[count][];
        for (var i = 0; i < count; i++)
        {
            var row = Enumerable.Range(0, dimension).Select(_ => random.NextNearlyNormal()).ToArray();
            for (var again = 0; again < 2; again++)
            {
                for (var j = 0; j < i; j++)
                    TensorPrimitives.MultiplyAdd(rows[j], -TensorPrimitives.Dot<double>(rows[j], row), row, row);
            }

            TensorPrimitives.Divide(row, TensorPrimitives.Norm<double>(row), row);
            rows[i] = row;
        }

        return rows;
    }
}
