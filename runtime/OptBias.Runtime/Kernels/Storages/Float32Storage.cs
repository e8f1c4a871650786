using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptBias.Kernels;

/// <summary>Kept as it is computed.</summary>
internal readonly unsafe struct Float32Storage : IFloat32Storage
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load512(nint address, long index) => Vector512.Load((float*)address + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load256(nint address, long index) => Vector256.Load((float*)address + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Load(nint address, long index) => ((float*)address)[index];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(nint address, long index, Vector512<float> value) => value.Store((float*)address + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(nint address, long index, Vector256<float> value) => value.Store((float*)address + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(nint address, long index, float value) => ((float*)address)[index] = value;
}
