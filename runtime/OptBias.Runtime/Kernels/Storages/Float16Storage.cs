using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptBias.Kernels;

/// <summary>
/// Kept in float16 (IEEE 754 binary16). Rounded to the nearest, to the even one where two are as near, subnormal numbers too; what
/// is too large becomes infinite, NaN stays NaN.
/// </summary>
/// <remarks>
/// .NET 10 offers no vector instruction for the conversion, so it is done on the bits: sign apart, exponent and fraction of the
/// magnitude are moved by 13 places and the exponent's bias of 15 becomes 127. A subnormal number is an integer times 2⁻²⁴; a sum
/// with a power of two, at which float32 has just that spacing, takes the place of a shift by its own distance, and rounds it.
/// No step makes a subnormal number of float32, so the result is the same where those are flushed to zero.
/// </remarks>
internal readonly unsafe struct Float16Storage : IFloat32Storage
{
    private const int Shift = 13;

    /// <summary>127 − 15 in the place of float32's exponent.</summary>
    private const uint Bias = 112u << 23;

    /// <summary>Float16's exponent of infinity and NaN, moved to float32's places.</summary>
    private const uint Special = 0x7c00u << Shift;

    /// <summary>The smallest normal number of float16, 2⁻¹⁴, as bits of float32.</summary>
    private const uint SmallestNormal = 113u << 23;

    /// <summary>2¹⁶ as bits of float32: from here on all is infinite. Below it, rounding carries into infinity by itself.</summary>
    private const uint TooLarge = 143u << 23;

    /// <summary>1/2 as bits of float32, whose last place is 2⁻²⁴.</summary>
    private const uint OneHalf = 126u << 23;

    private const uint Magnitude = 0x7fff_ffff;
    private const uint Infinity = 0x7f80_0000;
    private const uint NarrowInfinity = 0x7c00;
    private const uint NarrowNaN = 0x7e00;
    private const uint AlmostHalf = 0x0fff;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load512(nint address, long index)
    {
        var bits = Bits16.Load512(address, index);
        var moved = (bits & Vector512.Create(0x7fffu)) << Shift;
        var normal = moved + Vector512.Create(Bias);
        var special = normal + Vector512.Create(Bias);
        var subnormal = ((moved + Vector512.Create(SmallestNormal)).AsSingle() - Vector512.Create(SmallestNormal).AsSingle()).AsUInt32();
        var finite = Vector512.ConditionalSelect(Vector512.LessThan(moved, Vector512.Create(1u << 23)), subnormal, normal);
        var magnitude = Vector512.ConditionalSelect(Vector512.LessThan(moved, Vector512.Create(Special)), finite, special);
        return (magnitude | ((bits & Vector512.Create(0x8000u)) << 16)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load256(nint address, long index)
    {
        var bits = Bits16.Load256(address, index);
        var moved = (bits & Vector256.Create(0x7fffu)) << Shift;
        var normal = moved + Vector256.Create(Bias);
        var special = normal + Vector256.Create(Bias);
        var subnormal = ((moved + Vector256.Create(SmallestNormal)).AsSingle() - Vector256.Create(SmallestNormal).AsSingle()).AsUInt32();
        var finite = Vector256.ConditionalSelect(Vector256.LessThan(moved.AsInt32(), Vector256.Create(1 << 23)).AsUInt32(), subnormal, normal);
        var magnitude = Vector256.ConditionalSelect(Vector256.LessThan(moved.AsInt32(), Vector256.Create((int)Special)).AsUInt32(), finite, special);
        return (magnitude | ((bits & Vector256.Create(0x8000u)) << 16)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Load(nint address, long index) => (float)((Half*)address)[index];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(nint address, long index, Vector512<float> value)
    {
        var bits = value.AsUInt32();
        var magnitude = bits & Vector512.Create(Magnitude);
        var normal = (magnitude - Vector512.Create(Bias) + Vector512.Create(AlmostHalf) + ((magnitude >>> Shift) & Vector512<uint>.One)) >>> Shift;
        var subnormal = (magnitude.AsSingle() + Vector512.Create(OneHalf).AsSingle()).AsUInt32() - Vector512.Create(OneHalf);
        var special = Vector512.ConditionalSelect(Vector512.GreaterThan(magnitude, Vector512.Create(Infinity)), Vector512.Create(NarrowNaN), Vector512.Create(NarrowInfinity));
        var finite = Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512.Create(SmallestNormal)), subnormal, normal);
        var narrow = Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512.Create(TooLarge)), finite, special);
        Bits16.Store(address, index, narrow | ((bits & ~Vector512.Create(Magnitude)) >>> 16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(nint address, long index, Vector256<float> value)
    {
        var bits = value.AsUInt32();
        var magnitude = bits & Vector256.Create(Magnitude);
        var normal = (magnitude - Vector256.Create(Bias) + Vector256.Create(AlmostHalf) + ((magnitude >>> Shift) & Vector256<uint>.One)) >>> Shift;
        var subnormal = (magnitude.AsSingle() + Vector256.Create(OneHalf).AsSingle()).AsUInt32() - Vector256.Create(OneHalf);
        var special = Vector256.ConditionalSelect(Vector256.GreaterThan(magnitude.AsInt32(), Vector256.Create((int)Infinity)).AsUInt32(), Vector256.Create(NarrowNaN), Vector256.Create(NarrowInfinity));
        var finite = Vector256.ConditionalSelect(Vector256.LessThan(magnitude.AsInt32(), Vector256.Create((int)SmallestNormal)).AsUInt32(), subnormal, normal);
        var narrow = Vector256.ConditionalSelect(Vector256.LessThan(magnitude.AsInt32(), Vector256.Create((int)TooLarge)).AsUInt32(), finite, special);
        Bits16.Store(address, index, narrow | ((bits & ~Vector256.Create(Magnitude)) >>> 16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(nint address, long index, float value) => ((Half*)address)[index] = (Half)value;
}
