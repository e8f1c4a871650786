using System.Runtime.Intrinsics;

namespace OptBias.Kernels;

/// <summary>The compiled loops of one pass, by how parameters and state are kept and what is raised to. Each is compiled when a parameter first asks for it.</summary>
internal sealed unsafe class KernelSet
{
    private readonly delegate*<TensorStorage, TensorStorage, bool, nint> select;

    private readonly nint[] found = new nint[TensorStorages.Count * TensorStorages.Count * 2 * Widths];

    /// <summary>Widths of vectors: 512 bits, 256, and one number at a time.</summary>
    private const int Widths = 3;

    /// <summary>How many widths are passed over on this thread, from the widest: tests compare what others compute.</summary>
    [ThreadStatic]
    private static int passedOver;

    private KernelSet(delegate*<TensorStorage, TensorStorage, bool, nint> select) => this.select = select;

    /// <inheritdoc cref="passedOver"/>
    internal static int PassedOver
    {
        get => passedOver;
        set => passedOver = value;
    }

    public static KernelSet Of<TPass>()
        where TPass : struct, IElementwisePass => new(&Select<TPass>);

    /// <summary>The loop for parameters and state that are kept so.</summary>
    /// <param name="parameter">How the parameter is kept.</param>
    /// <param name="state">How its state is kept.</param>
    /// <param name="exactPowers">Whether all exponents are <see cref="ExactPowers"/>.</param>
    public delegate*<nint*, double*, double*, long, long, void> For(TensorStorage parameter, TensorStorage state, bool exactPowers)
    {
        ref var kernel = ref this.found[((((int)parameter * TensorStorages.Count) + (int)state) * 2 + (exactPowers ? 1 : 0)) * Widths + passedOver];
        if (kernel == 0)
            kernel = this.select(parameter, state, exactPowers);
        return (delegate*<nint*, double*, double*, long, long, void>)kernel;
    }

    private static nint Select<TPass>(TensorStorage parameter, TensorStorage state, bool exactPowers)
        where TPass : struct, IElementwisePass =>
        exactPowers ? Select<TPass, ExactPowers>(parameter, state) : Select<TPass, AnyPowers>(parameter, state);

    private static nint Select<TPass, TPowers>(TensorStorage parameter, TensorStorage state)
        where TPass : struct, IElementwisePass
        where TPowers : struct, IPowers => parameter switch
        {
            TensorStorage.Float64 => Float64<TPass, TPowers>(),
            TensorStorage.Float32 => WithState<TPass, TPowers, Float32Storage, Float32Storage>(state),
            TensorStorage.BFloat16 => WithState<TPass, TPowers, BFloat16Storage, BFloat16Storage>(state),
            TensorStorage.Float16 => WithState<TPass, TPowers, Float16Storage, Float16Storage>(state),
            TensorStorage.StochasticBFloat16 => WithState<TPass, TPowers, StochasticBFloat16Storage, BFloat16Storage>(state),
            TensorStorage.MasterBFloat16 => WithState<TPass, TPowers, MasterStorage<BFloat16Storage>, BFloat16Storage>(state),
            TensorStorage.MasterFloat16 => WithState<TPass, TPowers, MasterStorage<Float16Storage>, Float16Storage>(state),
            _ => throw new ArgumentOutOfRangeException(nameof(parameter), parameter, "No kernel has a parameter that is kept so."),
        };

    private static nint WithState<TPass, TPowers, TParameter, TGradient>(TensorStorage state)
        where TPass : struct, IElementwisePass
        where TPowers : struct, IPowers
        where TParameter : struct, IFloat32Storage
        where TGradient : struct, IFloat32Storage => state switch
        {
            TensorStorage.Float32 => Float32<TPass, TPowers, TParameter, TGradient, Float32Storage>(),
            TensorStorage.BFloat16 => Float32<TPass, TPowers, TParameter, TGradient, BFloat16Storage>(),
            TensorStorage.StochasticBFloat16 => Float32<TPass, TPowers, TParameter, TGradient, StochasticBFloat16Storage>(),
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No kernel has state that is kept so."),
        };

    // Emulated 512-bit vectors are slower than 256-bit ones.
    private static nint Float32<TPass, TPowers, TParameter, TGradient, TState>()
        where TPass : struct, IElementwisePass
        where TPowers : struct, IPowers
        where TParameter : struct, IFloat32Storage
        where TGradient : struct, IFloat32Storage
        where TState : struct, IFloat32Storage =>
        Vector512.IsHardwareAccelerated && passedOver < 1 ? Address(&Run<TPass, Float32Lanes<TParameter, TGradient, TState, TPowers>.Vector512Float32, Float32Lanes<TParameter, TGradient, TState, TPowers>.Vector256Float32, Float32Lanes<TParameter, TGradient, TState, TPowers>.ScalarFloat32>)
        : Vector256.IsHardwareAccelerated && passedOver < 2 ? Address(&Run<TPass, Float32Lanes<TParameter, TGradient, TState, TPowers>.Vector256Float32, Float32Lanes<TParameter, TGradient, TState, TPowers>.ScalarFloat32, Float32Lanes<TParameter, TGradient, TState, TPowers>.ScalarFloat32>)
        : Address(&Run<TPass, Float32Lanes<TParameter, TGradient, TState, TPowers>.ScalarFloat32, Float32Lanes<TParameter, TGradient, TState, TPowers>.ScalarFloat32, Float32Lanes<TParameter, TGradient, TState, TPowers>.ScalarFloat32>);

    private static nint Float64<TPass, TPowers>()
        where TPass : struct, IElementwisePass
        where TPowers : struct, IPowers =>
        Vector512.IsHardwareAccelerated && passedOver < 1 ? Address(&Run<TPass, Float64Lanes<TPowers>.Vector512Float64, Float64Lanes<TPowers>.Vector256Float64, Float64Lanes<TPowers>.ScalarFloat64>)
        : Vector256.IsHardwareAccelerated && passedOver < 2 ? Address(&Run<TPass, Float64Lanes<TPowers>.Vector256Float64, Float64Lanes<TPowers>.ScalarFloat64, Float64Lanes<TPowers>.ScalarFloat64>)
        : Address(&Run<TPass, Float64Lanes<TPowers>.ScalarFloat64, Float64Lanes<TPowers>.ScalarFloat64, Float64Lanes<TPowers>.ScalarFloat64>);

    private static nint Address(delegate*<nint*, double*, double*, long, long, void> kernel) => (nint)kernel;

    /// <summary>
    /// Whole vectors, then half a vector where there is that, then the rest one by one: a last vector that overlaps would update
    /// in place twice.
    /// </summary>
    private static void Run<TPass, TVector, THalf, TScalar>(nint* x, double* s, double* sums, long start, long end)
        where TPass : struct, IElementwisePass
        where TVector : unmanaged, ILanes<TVector>
        where THalf : unmanaged, ILanes<THalf>
        where TScalar : unmanaged, ILanes<TScalar>
    {
        var i = TPass.Lanes<TVector>(x, s, sums, start, end);
        if (end - i >= THalf.Count && THalf.Count > 1)
            i = TPass.Lanes<THalf>(x, s, sums, i, end);
        if (i < end)
            TPass.Lanes<TScalar>(x, s, sums, i, end);
    }
}
