using System.Runtime.Intrinsics;
using TorchSharp;

namespace OptBias.Kernels;

/// <summary>The compiled loops of one pass, by dtype.</summary>
internal sealed unsafe class KernelSet
{
    public required delegate*<nint*, double*, double*, long, long, void> Float32 { get; init; }

    public required delegate*<nint*, double*, double*, long, long, void> Float64 { get; init; }

    public static KernelSet Of<TPass>()
        where TPass : struct, IElementwisePass => new()
        {
            // Emulated 512-bit vectors are slower than 256-bit ones.
            Float32 = Vector512.IsHardwareAccelerated ? &Run<TPass, Vector512Float32, Vector256Float32, ScalarFloat32>
                : Vector256.IsHardwareAccelerated ? &Run<TPass, Vector256Float32, ScalarFloat32, ScalarFloat32>
                : &Run<TPass, ScalarFloat32, ScalarFloat32, ScalarFloat32>,
            Float64 = Vector512.IsHardwareAccelerated ? &Run<TPass, Vector512Float64, Vector256Float64, ScalarFloat64>
                : Vector256.IsHardwareAccelerated ? &Run<TPass, Vector256Float64, ScalarFloat64, ScalarFloat64>
                : &Run<TPass, ScalarFloat64, ScalarFloat64, ScalarFloat64>,
        };

    /// <summary>The loop for parameters of a dtype; null if there is none.</summary>
    public delegate*<nint*, double*, double*, long, long, void> For(torch.ScalarType dtype) => dtype switch
    {
        torch.ScalarType.Float32 => this.Float32,
        torch.ScalarType.Float64 => this.Float64,
        _ => null,
    };

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
