using static TorchSharp.torch;

namespace OptBias.Cuda;

/// <summary>The types of one launch: what parameters, gradients and state are kept in, and what is computed in. Kernels are compiled for each combination that occurs.</summary>
internal readonly record struct KernelTypes(ScalarType Parameter, ScalarType Gradient, ScalarType State, ScalarType Arithmetic)
{
    /// <summary>The types of a parameter with a gradient of some type.</summary>
    public static KernelTypes Of(ParameterState state, ScalarType gradient) =>
        new(state.Parameter.dtype, gradient, state.StateType, state.ArithmeticType);

    /// <summary>Whether kernels can be compiled for a type.</summary>
    public static bool Takes(ScalarType type) => type is ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16 or ScalarType.Float16;

    /// <summary>The definitions that <c>Prelude.cu</c> asks for, as a compiler's arguments.</summary>
    public string[] Definitions() =>
    [
        $"-DOPTBIAS_PARAMETER={Name(this.Parameter)}",
        $"-DOPTBIAS_GRADIENT={Name(this.Gradient)}",
        $"-DOPTBIAS_STATE={Name(this.State)}",
        $"-DOPTBIAS_REAL={Name(this.Arithmetic)}",
    ];

    private static string Name(ScalarType type) => type switch
    {
        ScalarType.Float32 => "float",
        ScalarType.Float64 => "double",
        ScalarType.BFloat16 => "bfloat16",
        ScalarType.Float16 => "float16",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Kernels take float64, float32, bfloat16 and float16."),
    };
}
