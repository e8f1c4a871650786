using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptBias.Kernels;

/// <summary>
/// Kept in bfloat16: the upper half of a float32. Rounded to the nearest, to the even one where two are as near; what is too
/// large becomes infinite, NaN stays NaN.
/// </summary>
internal readonly unsafe struct BFloat16Storage : IFloat32Storage
{
    /// <summary>Half of the last place that is kept, less one: with the bit above it added, ties go to the even one.</summary>
    private const uint AlmostHalf = 0x7fff;

    /// <summary>The bit that makes a NaN quiet; without it one whose other bits are all cut off would become infinite.</summary>
    private const uint Quiet = 0x0040_0000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load512(nint address, long index) => (Bits16.Load512(address, index) << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load256(nint address, long index) => (Bits16.Load256(address, index) << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Load(nint address, long index) => BitConverter.UInt32BitsToSingle((uint)((ushort*)address)[index] << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(nint address, long index, Vector512<float> value)
    {
        var bits = value.AsUInt32();
        var rounded = bits + Vector512.Create(AlmostHalf) + ((bits >>> 16) & Vector512<uint>.One);
        var isNumber = Vector512.Equals(value, value).AsUInt32();
        Bits16.Store(address, index, Vector512.ConditionalSelect(isNumber, rounded, bits | Vector512.Create(Quiet)) >>> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(nint address, long index, Vector256<float> value)
    {
        var bits = value.AsUInt32();
        var rounded = bits + Vector256.Create(AlmostHalf) + ((bits >>> 16) & Vector256<uint>.One);
        var isNumber = Vector256.Equals(value, value).AsUInt32();
        Bits16.Store(address, index, Vector256.ConditionalSelect(isNumber, rounded, bits | Vector256.Create(Quiet)) >>> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(nint address, long index, float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        ((ushort*)address)[index] = (ushort)((float.IsNaN(value) ? bits | Quiet : bits + AlmostHalf + ((bits >>> 16) & 1)) >>> 16);
    }
}
