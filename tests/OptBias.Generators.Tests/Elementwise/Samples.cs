namespace OptBias.Generators.Tests;

/// <summary>Seeded numbers for parameters and gradients, and the numbers that are special.</summary>
internal static class Samples
{
    /// <summary>Normal numbers of several magnitudes.</summary>
    public static double[] Normal(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];
    }

    public static double[][] Gradients(int seed, int count, int steps) => [.. Enumerable.Range(0, steps).Select(step => Normal(seed + 1 + step, count))];

    /// <summary>Zeros of both signs, infinities, NaN, and magnitudes from tiny to large.</summary>
    public static double[] Special { get; } = [0.0, -0.0, 1, -1, 0.5, -0.5, 2, -3, 1e-3, -1e-3, 1e-20, -1e-20, 25, -25, double.PositiveInfinity, double.NegativeInfinity, double.NaN];

    /// <summary>A number rounded to float32, so that both precisions start from the same.</summary>
    public static double[] Rounded(this double[] values) => [.. values.Select(value => (double)(float)value)];
}
