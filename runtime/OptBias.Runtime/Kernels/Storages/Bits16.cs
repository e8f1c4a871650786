using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OptBias.Kernels;

/// <summary>Numbers of 16 bits in memory as integers of 32 in vectors.</summary>
internal static unsafe class Bits16
{
    /// <summary>Reads sixteen, zeros above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Load512(nint address, long index)
    {
        var bits = Vector256.Load((ushort*)address + index);
        return Avx512F.IsSupported ? Avx512F.ConvertToVector512UInt32(bits) : Vector512.Create(Vector256.WidenLower(bits), Vector256.WidenUpper(bits));
    }

    /// <summary>Reads eight, zeros above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Load256(nint address, long index)
    {
        var bits = Vector128.Load((ushort*)address + index);
        return Avx2.IsSupported ? Avx2.ConvertToVector256Int32(bits).AsUInt32() : Vector256.Create(Vector128.WidenLower(bits), Vector128.WidenUpper(bits));
    }

    /// <summary>Writes the lower halves of sixteen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(nint address, long index, Vector512<uint> bits) =>
        (Avx512F.IsSupported ? Avx512F.ConvertToVector256UInt16(bits) : Vector256.Narrow(bits.GetLower(), bits.GetUpper())).Store((ushort*)address + index);

    /// <summary>Writes the lower halves of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(nint address, long index, Vector256<uint> bits) =>
        Vector128.Narrow(bits.GetLower(), bits.GetUpper()).Store((ushort*)address + index);
}
