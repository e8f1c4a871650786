namespace OptBias.Generators.Tests;

/// <summary>An orthogonal map of square matrices by a property's name: of elements, rows or columns, by signs, permutations or rotations.</summary>
internal sealed class MatrixMap
{
    private readonly string axis;
    private readonly int side;
    private readonly double[,] map;

    private MatrixMap(string axis, int side, double[,] map) => (this.axis, this.side, this.map) = (axis, side, map);

    public static MatrixMap Make(string property, int side, int seed)
    {
        var parts = property.Split('.');
        var size = parts[0] == "elements" ? side * side : side;
        var random = new Random((seed * 7) + 3);
        return new(parts[0], side, parts[1] switch
        {
            "signs" => Diagonal(size, random),
            "permutations" => Permutation(size, random),
            "rotations" => Rotation(size, seed),
            _ => throw new ArgumentException($"No map is called '{property}'.", nameof(property)),
        });
    }

    /// <summary>The matrices, one after the other, each mapped.</summary>
    public double[] Apply(double[] matrices)
    {
        var (result, elements) = (new double[matrices.Length], this.side * this.side);
        for (var first = 0; first < matrices.Length; first += elements)
        {
            for (var i = 0; i < this.side; i++)
            {
                for (var j = 0; j < this.side; j++)
                    result[first + (i * this.side) + j] = this.Element(matrices.AsSpan(first, elements), i, j);
            }
        }

        return result;
    }

    private double Element(ReadOnlySpan<double> x, int i, int j)
    {
        var (n, sum) = (this.side, 0.0);
        switch (this.axis)
        {
            case "elements":
                for (var k = 0; k < n * n; k++)
                    sum += this.map[(i * n) + j, k] * x[k];
                return sum;
            case "rows":
                for (var k = 0; k < n; k++)
                    sum += this.map[i, k] * x[(k * n) + j];
                return sum;
            default:
                for (var k = 0; k < n; k++)
                    sum += this.map[j, k] * x[(i * n) + k];
                return sum;
        }
    }

    private static double[,] Diagonal(int size, Random random)
    {
        var map = new double[size, size];
        for (var i = 0; i < size; i++)
            map[i, i] = i == 0 || (i > 1 && random.Next(2) == 0) ? -1 : 1;
        return map;
    }

    private static double[,] Permutation(int size, Random random)
    {
        // No element stays where it is: a cycle through all in a random order.
        var order = Enumerable.Range(0, size).OrderBy(_ => random.Next()).ToArray();
        var map = new double[size, size];
        for (var i = 0; i < size; i++)
            map[order[(i + 1) % size], order[i]] = 1;
        return map;
    }

    /// <summary>Gram and Schmidt, twice, of a random matrix.</summary>
    private static double[,] Rotation(int size, int seed)
    {
        var numbers = Samples.Normal((seed * 13) + 1, size * size);
        var map = new double[size, size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
                map[i, j] = numbers[(i * size) + j];
            for (var round = 0; round < 2; round++)
            {
                for (var k = 0; k < i; k++)
                {
                    var dot = 0.0;
                    for (var j = 0; j < size; j++)
                        dot += map[i, j] * map[k, j];
                    for (var j = 0; j < size; j++)
                        map[i, j] -= dot * map[k, j];
                }
            }

            var norm = 0.0;
            for (var j = 0; j < size; j++)
                norm += map[i, j] * map[i, j];
            for (var j = 0; j < size; j++)
                map[i, j] /= Math.Sqrt(norm);
        }

        return map;
    }
}
