using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptBias.Kernels;

/// <summary>
/// Kept in bfloat16, rounded up or down by chance so that the expected value is the number itself: 16 random bits are added to those
/// that will be cut off. Infinities and NaN stay. Addresses are those of a <see cref="StoredTensor"/>.
/// </summary>
internal readonly unsafe struct StochasticBFloat16Storage : IFloat32Storage
{
    private const uint Magnitude = 0x7fff_ffff;
    private const uint Infinity = 0x7f80_0000;
    private const uint Quiet = 0x0040_0000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load512(nint address, long index) => BFloat16Storage.Load512(((StoredTensor*)address)->Data, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load256(nint address, long index) => BFloat16Storage.Load256(((StoredTensor*)address)->Data, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Load(nint address, long index) => BFloat16Storage.Load(((StoredTensor*)address)->Data, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(nint address, long index, Vector512<float> value)
    {
        var tensor = (StoredTensor*)address;
        var bits = value.AsUInt32();
        var isFinite = Vector512.LessThan(bits & Vector512.Create(Magnitude), Vector512.Create(Infinity));
        var special = Vector512.ConditionalSelect(Vector512.Equals(value, value).AsUInt32(), bits, bits | Vector512.Create(Quiet));
        Bits16.Store(tensor->Data, index, Vector512.ConditionalSelect(isFinite, bits + RandomBits.Of16(tensor->Key, index), special) >>> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(nint address, long index, Vector256<float> value)
    {
        var tensor = (StoredTensor*)address;
        var bits = value.AsUInt32();
        var isFinite = Vector256.LessThan((bits & Vector256.Create(Magnitude)).AsInt32(), Vector256.Create((int)Infinity)).AsUInt32();
        var special = Vector256.ConditionalSelect(Vector256.Equals(value, value).AsUInt32(), bits, bits | Vector256.Create(Quiet));
        Bits16.Store(tensor->Data, index, Vector256.ConditionalSelect(isFinite, bits + RandomBits.Of8(tensor->Key, index), special) >>> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(nint address, long index, float value)
    {
        var tensor = (StoredTensor*)address;
        var bits = BitConverter.SingleToUInt32Bits(value);
        var rounded = float.IsFinite(value) ? bits + RandomBits.Of1(tensor->Key, index) : float.IsNaN(value) ? bits | Quiet : bits;
        ((ushort*)tensor->Data)[index] = (ushort)(rounded >>> 16);
    }
}
