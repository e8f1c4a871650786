using System.Runtime.Intrinsics;

namespace OptBias.Kernels;

/// <summary>The compiled loops of one pass, by how parameters and state are kept. Each is compiled when a parameter first asks for it.</summary>
internal sealed unsafe class KernelSet
{
    private readonly delegate*<TensorStorage, TensorStorage, nint> select;

    private readonly nint[] found = new nint[TensorStorages.Count * TensorStorages.Count];

    private KernelSet(delegate*<TensorStorage, TensorStorage, nint> select) => this.select = select;

    public static KernelSet Of<TPass>()
        where TPass : struct, IElementwisePass => new(&Select<TPass>);

    /// <summary>The loop for parameters and state that are kept so.</summary>
    public delegate*<nint*, double*, double*, long, long, void> For(TensorStorage parameter, TensorStorage state)
    {
        ref var kernel = ref this.found[((int)parameter * TensorStorages.Count) + (int)state];
        if (kernel == 0)
            kernel = this.select(parameter, state);
        return (delegate*<nint*, double*, double*, long, long, void>)kernel;
    }

    private static nint Select<TPass>(TensorStorage parameter, TensorStorage state)
        where TPass : struct, IElementwisePass => parameter switch
        {
            TensorStorage.Float64 => Float64<TPass>(),
            TensorStorage.Float32 => WithState<TPass, Float32Storage, Float32Storage>(state),
            TensorStorage.BFloat16 => WithState<TPass, BFloat16Storage, BFloat16Storage>(state),
            TensorStorage.Float16 => WithState<TPass, Float16Storage, Float16Storage>(state),
            TensorStorage.StochasticBFloat16 => WithState<TPass, StochasticBFloat16Storage, BFloat16Storage>(state),
            TensorStorage.MasterBFloat16 => WithState<TPass, MasterStorage<BFloat16Storage>, BFloat16Storage>(state),
            TensorStorage.MasterFloat16 => WithState<TPass, MasterStorage<Float16Storage>, Float16Storage>(state),
            _ => throw new ArgumentOutOfRangeException(nameof(parameter), parameter, "No kernel has a parameter that is kept so."),
        };

    private static nint WithState<TPass, TParameter, TGradient>(TensorStorage state)
        where TPass : struct, IElementwisePass
        where TParameter : struct, IFloat32Storage
        where TGradient : struct, IFloat32Storage => state switch
        {
            TensorStorage.Float32 => Float32<TPass, TParameter, TGradient, Float32Storage>(),
            TensorStorage.BFloat16 => Float32<TPass, TParameter, TGradient, BFloat16Storage>(),
            TensorStorage.StochasticBFloat16 => Float32<TPass, TParameter, TGradient, StochasticBFloat16Storage>(),
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No kernel has state that is kept so."),
        };

    // Emulated 512-bit vectors are slower than 256-bit ones.
    private static nint Float32<TPass, TParameter, TGradient, TState>()
        where TPass : struct, IElementwisePass
        where TParameter : struct, IFloat32Storage
        where TGradient : struct, IFloat32Storage
        where TState : struct, IFloat32Storage =>
        Vector512.IsHardwareAccelerated ? Address(&Run<TPass, Float32Lanes<TParameter, TGradient, TState>.Vector512Float32, Float32Lanes<TParameter, TGradient, TState>.Vector256Float32, Float32Lanes<TParameter, TGradient, TState>.ScalarFloat32>)
        : Vector256.IsHardwareAccelerated ? Address(&Run<TPass, Float32Lanes<TParameter, TGradient, TState>.Vector256Float32, Float32Lanes<TParameter, TGradient, TState>.ScalarFloat32, Float32Lanes<TParameter, TGradient, TState>.ScalarFloat32>)
        : Address(&Run<TPass, Float32Lanes<TParameter, TGradient, TState>.ScalarFloat32, Float32Lanes<TParameter, TGradient, TState>.ScalarFloat32, Float32Lanes<TParameter, TGradient, TState>.ScalarFloat32>);

    private static nint Float64<TPass>()
        where TPass : struct, IElementwisePass =>
        Vector512.IsHardwareAccelerated ? Address(&Run<TPass, Vector512Float64, Vector256Float64, ScalarFloat64>)
        : Vector256.IsHardwareAccelerated ? Address(&Run<TPass, Vector256Float64, ScalarFloat64, ScalarFloat64>)
        : Address(&Run<TPass, ScalarFloat64, ScalarFloat64, ScalarFloat64>);

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
        var i = start;
        TPass.Lanes<TVector>(x, s, sums, ref i, end);
        if (end - i >= THalf.Count && THalf.Count > 1)
            TPass.Lanes<THalf>(x, s, sums, ref i, end);
        if (i < end)
            TPass.Lanes<TScalar>(x, s, sums, ref i, end);
    }
}
