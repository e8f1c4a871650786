using TorchSharp;

namespace OptBias;

/// <summary>The element types of a safetensors file. The names are those that the file uses.</summary>
public enum SafeTensorType
{
    /// <summary>float64.</summary>
    F64,

    /// <summary>float32.</summary>
    F32,

    /// <summary>IEEE half precision.</summary>
    F16,

    /// <summary>bfloat16: the upper half of a float32.</summary>
    BF16,

    /// <summary>Signed 64-bit integer.</summary>
    I64,

    /// <summary>Signed 32-bit integer.</summary>
    I32,

    /// <summary>Unsigned byte.</summary>
    U8,

    /// <summary>One byte, 0 or 1.</summary>
    BOOL,
}

/// <summary>Sizes of the element types, and their counterparts in TorchSharp.</summary>
public static class SafeTensorTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this SafeTensorType type) => type switch
    {
        SafeTensorType.F64 or SafeTensorType.I64 => 8,
        SafeTensorType.F32 or SafeTensorType.I32 => 4,
        SafeTensorType.F16 or SafeTensorType.BF16 => 2,
        SafeTensorType.U8 or SafeTensorType.BOOL => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>TorchSharp's name for the element type.</summary>
    public static torch.ScalarType ToScalarType(this SafeTensorType type) => type switch
    {
        SafeTensorType.F64 => torch.ScalarType.Float64,
        SafeTensorType.F32 => torch.ScalarType.Float32,
        SafeTensorType.F16 => torch.ScalarType.Float16,
        SafeTensorType.BF16 => torch.ScalarType.BFloat16,
        SafeTensorType.I64 => torch.ScalarType.Int64,
        SafeTensorType.I32 => torch.ScalarType.Int32,
        SafeTensorType.U8 => torch.ScalarType.Byte,
        SafeTensorType.BOOL => torch.ScalarType.Bool,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>The element type that stores a TorchSharp dtype.</summary>
    /// <exception cref="NotSupportedException">There is none, as for complex numbers.</exception>
    public static SafeTensorType ToSafeTensorType(this torch.ScalarType type) => type switch
    {
        torch.ScalarType.Float64 => SafeTensorType.F64,
        torch.ScalarType.Float32 => SafeTensorType.F32,
        torch.ScalarType.Float16 => SafeTensorType.F16,
        torch.ScalarType.BFloat16 => SafeTensorType.BF16,
        torch.ScalarType.Int64 => SafeTensorType.I64,
        torch.ScalarType.Int32 => SafeTensorType.I32,
        torch.ScalarType.Byte => SafeTensorType.U8,
        torch.ScalarType.Bool => SafeTensorType.BOOL,
        _ => throw new NotSupportedException(
            $"A tensor of {type} cannot be written as safetensors. Known: {string.Join(", ", Enum.GetValues<SafeTensorType>().Select(x => x.ToScalarType()))}."),
    };
}
