using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptBias.Kernels;

/// <summary>Kept twice: as master weights in float32, which are read, and rounded. Addresses are those of a <see cref="StoredTensor"/>.</summary>
/// <typeparam name="TNarrow">How the rounded numbers are kept.</typeparam>
internal readonly unsafe struct MasterStorage<TNarrow> : IFloat32Storage
    where TNarrow : struct, IFloat32Storage
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load512(nint address, long index) => Float32Storage.Load512(((StoredTensor*)address)->Master, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load256(nint address, long index) => Float32Storage.Load256(((StoredTensor*)address)->Master, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Load(nint address, long index) => Float32Storage.Load(((StoredTensor*)address)->Master, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(nint address, long index, Vector512<float> value)
    {
        Float32Storage.Store(((StoredTensor*)address)->Master, index, value);
        TNarrow.Store(((StoredTensor*)address)->Data, index, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(nint address, long index, Vector256<float> value)
    {
        Float32Storage.Store(((StoredTensor*)address)->Master, index, value);
        TNarrow.Store(((StoredTensor*)address)->Data, index, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(nint address, long index, float value)
    {
        Float32Storage.Store(((StoredTensor*)address)->Master, index, value);
        TNarrow.Store(((StoredTensor*)address)->Data, index, value);
    }
}
