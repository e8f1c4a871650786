namespace OptBias.GpuCheck.Benchmark;

/// <summary>A list of float32 parameters to step on, and what is wanted of the generated step there.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Shapes">The parameters' shapes.</param>
/// <param name="FloorGoal">The step may take so many times the floor; null for no such goal.</param>
internal sealed record BenchmarkWork(string Name, IReadOnlyList<long[]> Shapes, double? FloorGoal)
{
    /// <summary>All elements.</summary>
    public long Elements => this.Shapes.Sum(shape => shape.Aggregate(1L, (product, size) => product * size));

    /// <summary>The works of a GPU.</summary>
    public static IReadOnlyList<BenchmarkWork> ForGpu { get; } =
    [
        new("1 tensor of 256M", [[1L << 28]], 1.10),
        new("GPT-2's 148 tensors, 124M", Gpt2(vocabulary: 50257, context: 1024, width: 768, layers: 12), 1.15),
        new("3,000 tensors of 1,000", Enumerable.Repeat(new long[] { 1000 }, 3000).ToList(), null),
    ];

    /// <summary>The same lists in small, for a dry run: their times mean nothing.</summary>
    public static IReadOnlyList<BenchmarkWork> ForDryRun { get; } =
    [
        new("1 tensor of 64k", [[1L << 16]], 1.10),
        new("GPT-2's 148 tensors, in small", Gpt2(vocabulary: 101, context: 16, width: 8, layers: 12), 1.15),
        new("30 tensors of 1,000", Enumerable.Repeat(new long[] { 1000 }, 30).ToList(), null),
    ];

    /// <summary>The parameters of GPT-2 (Radford et al. 2019), the output tied to the embedding.</summary>
    private static List<long[]> Gpt2(long vocabulary, long context, long width, int layers)
    {
        var shapes = new List<long[]> { new[] { vocabulary, width }, new[] { context, width } };
        for (var layer = 0; layer < layers; layer++)
        {
            shapes.AddRange(
            [
                [width], [width],
                [width, 3 * width], [3 * width],
                [width, width], [width],
                [width], [width],
                [width, 4 * width], [4 * width],
                [4 * width, width], [width],
            ]);
        }

        shapes.AddRange([[width], [width]]);
        return shapes;
    }
}
