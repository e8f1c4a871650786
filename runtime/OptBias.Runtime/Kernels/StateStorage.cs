using static TorchSharp.torch;

namespace OptBias.Kernels;

/// <summary>How an optimizer keeps what it remembers, as its <see cref="StateAttribute"/> says.</summary>
public sealed record StateStorage
{
    /// <summary>State in the type of the arithmetic, and nothing besides.</summary>
    public static StateStorage Default { get; } = new();

    /// <inheritdoc cref="StateAttribute.Precision"/>
    public StatePrecision Precision { get; init; }

    /// <inheritdoc cref="StateAttribute.StochasticRounding"/>
    public bool StochasticRounding { get; init; }

    /// <inheritdoc cref="StateAttribute.MasterWeights"/>
    public bool MasterWeights { get; init; }

    /// <inheritdoc cref="StateAttribute.Seed"/>
    public int Seed { get; init; }

    /// <summary>Storage that takes no less than either: for bounds.</summary>
    internal static StateStorage Widest(StateStorage a, StateStorage b) => a with
    {
        Precision = a.Precision == StatePrecision.Arithmetic ? a.Precision : b.Precision,
        MasterWeights = a.MasterWeights || b.MasterWeights,
    };

    /// <summary>Bytes of a number.</summary>
    internal static int SizeOf(ScalarType type) => type switch
    {
        ScalarType.Float64 => 8,
        ScalarType.Float32 => 4,
        ScalarType.BFloat16 or ScalarType.Float16 => 2,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Only real floating point can be optimized (float64, float32, bfloat16, float16)."),
    };

    /// <summary>The type that the update of a parameter is computed in.</summary>
    internal static ScalarType ArithmeticTypeOf(ScalarType parameter) => parameter == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;

    /// <summary>The type of a parameter's state.</summary>
    internal ScalarType StateTypeOf(ScalarType parameter) =>
        this.Precision == StatePrecision.BFloat16 && parameter != ScalarType.Float64 ? ScalarType.BFloat16 : ArithmeticTypeOf(parameter);

    /// <summary>Whether a parameter has master weights.</summary>
    internal bool HasMaster(ScalarType parameter) => this.MasterWeights && parameter is ScalarType.BFloat16 or ScalarType.Float16;

    /// <summary>Bytes that reading one number of a tensor moves.</summary>
    /// <param name="role">What the tensor is.</param>
    /// <param name="parameter">The parameter's type.</param>
    internal int BytesRead(PlanTensorRole role, ScalarType parameter) => role switch
    {
        PlanTensorRole.Parameter => SizeOf(this.HasMaster(parameter) ? ScalarType.Float32 : parameter),
        PlanTensorRole.Gradient => SizeOf(parameter),
        PlanTensorRole.State => SizeOf(this.StateTypeOf(parameter)),
        _ => SizeOf(ArithmeticTypeOf(parameter)),
    };

    /// <summary>Bytes that writing one number of a tensor moves: a parameter with master weights is written twice.</summary>
    /// <param name="role">What the tensor is.</param>
    /// <param name="parameter">The parameter's type.</param>
    internal int BytesWritten(PlanTensorRole role, ScalarType parameter) =>
        this.BytesRead(role, parameter) + (role == PlanTensorRole.Parameter && this.HasMaster(parameter) ? SizeOf(parameter) : 0);

    /// <summary>How kernels see a parameter.</summary>
    internal TensorStorage OfParameter(ScalarType type) => type switch
    {
        ScalarType.BFloat16 => this.MasterWeights ? TensorStorage.MasterBFloat16 : this.StochasticRounding ? TensorStorage.StochasticBFloat16 : TensorStorage.BFloat16,
        ScalarType.Float16 => this.MasterWeights ? TensorStorage.MasterFloat16 : TensorStorage.Float16,
        ScalarType.Float64 => TensorStorage.Float64,
        _ => TensorStorage.Float32,
    };

    /// <summary>How kernels see state.</summary>
    internal TensorStorage OfState(ScalarType type) => type switch
    {
        ScalarType.BFloat16 => this.StochasticRounding ? TensorStorage.StochasticBFloat16 : TensorStorage.BFloat16,
        ScalarType.Float64 => TensorStorage.Float64,
        _ => TensorStorage.Float32,
    };

    /// <summary>Whether a parameter, or its state, is rounded stochastically.</summary>
    internal bool RoundsStochastically(ScalarType parameter) =>
        this.OfParameter(parameter) == TensorStorage.StochasticBFloat16 || this.OfState(this.StateTypeOf(parameter)) == TensorStorage.StochasticBFloat16;
}
