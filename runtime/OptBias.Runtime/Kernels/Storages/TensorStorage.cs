using TorchSharp;

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
}

/// <summary>Storages of tensors.</summary>
internal static class TensorStorages
{
    /// <summary>How many there are.</summary>
    public const int Count = 4;

    /// <summary>The storage of a tensor that is nothing but its numbers.</summary>
    public static TensorStorage Of(torch.ScalarType dtype) => dtype switch
    {
        torch.ScalarType.Float64 => TensorStorage.Float64,
        torch.ScalarType.Float32 => TensorStorage.Float32,
        torch.ScalarType.BFloat16 => TensorStorage.BFloat16,
        torch.ScalarType.Float16 => TensorStorage.Float16,
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "Kernels take float64, float32, bfloat16 and float16."),
    };
}
