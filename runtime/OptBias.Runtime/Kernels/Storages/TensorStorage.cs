namespace OptBias.Kernels;

/// <summary>How a tensor is kept, as kernels are chosen by it.</summary>
internal enum TensorStorage
{
    /// <summary>As float64, and computed with in float64.</summary>
    Float64,

    /// <inheritdoc cref="Float32Storage"/>
    Float32,

    /// <inheritdoc cref="BFloat16Storage"/>
    BFloat16,

    /// <inheritdoc cref="Float16Storage"/>
    Float16,

    /// <inheritdoc cref="StochasticBFloat16Storage"/>
    StochasticBFloat16,

    /// <summary>bfloat16 with a <see cref="MasterStorage{TNarrow}"/>.</summary>
    MasterBFloat16,

    /// <summary>float16 with a <see cref="MasterStorage{TNarrow}"/>.</summary>
    MasterFloat16,
}

/// <summary>Storages of tensors.</summary>
internal static class TensorStorages
{
    /// <summary>How many there are.</summary>
    public const int Count = 7;

    /// <summary>Whether kernels get the address of a <see cref="StoredTensor"/> instead of that of the numbers.</summary>
    public static bool HasRecord(this TensorStorage storage) => storage >= TensorStorage.StochasticBFloat16;
}
