using static TorchSharp.torch;

namespace OptBias.GpuCheck.Parity;

/// <summary>One optimizer on one set of parameters.</summary>
/// <param name="Optimizer">The declared optimizer.</param>
/// <param name="DType">Type of the parameters and gradients.</param>
/// <param name="Sizes">Which parameters.</param>
internal sealed record ParityCase(OptimizerDescriptor Optimizer, ScalarType DType, ParitySizes Sizes)
{
    private static readonly long[][] Many = [[], [0], [1], [7], [8], [9], [1000], [16 * 1024], [20011], [4, 3, 2, 2], [33, 17], [2, 5, 3], [1001]];
    private static readonly long[][] Small = [[], [0], [1], [7], [8], [9], [64], [4, 3, 2, 2], [33, 17], [33, 17], [41], [33, 17], [41]];

    /// <summary>More chunks than the blocks of any GPU of today, so that blocks take several; the odd end is not aligned.</summary>
    private static readonly long[][] Large = [[16_000_003], [1001]];

    /// <summary>The cases of a catalogue.</summary>
    /// <param name="catalogue">The declared optimizers.</param>
    /// <param name="large">Whether large tensors are among them.</param>
    public static IEnumerable<ParityCase> All(OptimizerCatalogue catalogue, bool large) =>
        from optimizer in catalogue.All
        from dtype in new[] { ScalarType.Float64, ScalarType.Float32, ScalarType.BFloat16, ScalarType.Float16 }
        from sizes in large && dtype == ScalarType.Float32 && !HasMatrices(optimizer) ? new[] { ParitySizes.Many, ParitySizes.Large } : [ParitySizes.Many]
        select new ParityCase(optimizer, dtype, sizes);

    /// <summary>The parameters' shapes; the last is laid where it is not aligned. Matrix stages keep a matrix for each dimension, so theirs are short.</summary>
    public IReadOnlyList<long[]> Shapes => this.Sizes == ParitySizes.Large ? Large : HasMatrices(this.Optimizer) ? Small : Many;

    /// <summary>Steps; few in half precision, where a last bit that is rounded otherwise once stays so.</summary>
    public int Steps => this.IsHalf ? 3 : this.Sizes == ParitySizes.Large ? 5 : 10;

    /// <summary>What elements may differ by, as a share of their size: rounding of the arithmetic, in half precision two last bits.</summary>
    public double Tolerance => this.DType switch
    {
        ScalarType.Float64 => 1e-10,
        ScalarType.Float32 => 1e-4,
        ScalarType.BFloat16 => 2.0 / 128,
        _ => 2.0 / 1024,
    };

    /// <summary>
    /// Elements that may differ by more: none, but two of a million in a large tensor. Where a rule takes a sign, a number that is
    /// zero but for rounding can have either, and libtorch's operations round otherwise on a GPU than a kernel without contraction.
    /// </summary>
    public long Allowed(long elements) => this.Sizes == ParitySizes.Large ? elements * 2 / 1_000_000 : 0;

    private bool IsHalf => this.DType is ScalarType.BFloat16 or ScalarType.Float16;

    private static bool HasMatrices(OptimizerDescriptor optimizer) => optimizer.Cost.MatrixStages > 0;
}

/// <summary>Which parameters a case has.</summary>
internal enum ParitySizes
{
    /// <summary>A dozen, from none to some ten thousand elements, in one launch.</summary>
    Many,

    /// <summary>A large one.</summary>
    Large,
}
