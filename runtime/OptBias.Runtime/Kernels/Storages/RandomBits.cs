using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Kernels;

/// <summary>
/// Random bits that depend on nothing but where they are used: the same for every width of vectors, number of threads and path.
/// An element's 16 bits are the upper half of a hash of its index and of the tensor's key in this step.
/// </summary>
/// <remarks>
/// The hash takes turns of shifting and multiplying, with the constants that Wellons' search found to be the least biased for this
/// form (github.com/skeeto/hash-prospector). Both are below 2³¹, so that products of 32-bit numbers fit into int64, which is what
/// tensors have. Tensors of more than 2³² elements use the bits of their first ones again.
/// </remarks>
internal static class RandomBits
{
    private const uint First = 0x21f0_aaad;
    private const uint Second = 0x735a_2d97;
    private const int FirstShift = 16;
    private const int SecondShift = 15;

    /// <summary>The key of a tensor in a step.</summary>
    /// <param name="seed">The declared seed.</param>
    /// <param name="step">The step of the parameter, from 1.</param>
    /// <param name="parameter">The parameter's number in the optimizer.</param>
    /// <param name="use">What the bits are for: two uses in one step must differ.</param>
    public static uint Key(int seed, long step, int parameter, int use)
    {
        // The fraction of the golden ratio, so that zeros do not hash to zero.
        var key = Mix((uint)seed + 0x9e37_79b9);
        key = Mix(key + (uint)step);
        key = Mix(key + (uint)(step >>> 32));
        key = Mix(key + (uint)parameter);
        return Mix(key + (uint)use);
    }

    /// <summary>16 random bits for each of sixteen elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Of16(uint key, long index)
    {
        var x = (Vector512.Create((uint)index) + Vector512<uint>.Indices) ^ Vector512.Create(key);
        x = (x ^ (x >>> FirstShift)) * Vector512.Create(First);
        x = (x ^ (x >>> SecondShift)) * Vector512.Create(Second);
        return (x ^ (x >>> SecondShift)) >>> 16;
    }

    /// <summary>16 random bits for each of eight elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Of8(uint key, long index)
    {
        var x = (Vector256.Create((uint)index) + Vector256<uint>.Indices) ^ Vector256.Create(key);
        x = (x ^ (x >>> FirstShift)) * Vector256.Create(First);
        x = (x ^ (x >>> SecondShift)) * Vector256.Create(Second);
        return (x ^ (x >>> SecondShift)) >>> 16;
    }

    /// <summary>16 random bits for an element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Of1(uint key, long index) => Mix((uint)index ^ key) >>> 16;

    /// <summary>16 random bits for each element of a tensor, as int64; the caller's dispose scope owns it.</summary>
    public static Tensor Of(uint key, long count, Device device)
    {
        using var zero = 0L.ToScalar();
        using var one = 1L.ToScalar();
        using var end = count.ToScalar();
        using var first = ((long)First).ToScalar();
        using var second = ((long)Second).ToScalar();
        var low = tensor((long)uint.MaxValue, device: device);
        var x = arange(zero, end, one, dtype: ScalarType.Int64, device: device).bitwise_and(low).bitwise_xor(tensor((long)key, device: device));
        x = Shifted(x, FirstShift).mul(first).bitwise_and(low);
        x = Shifted(x, SecondShift).mul(second).bitwise_and(low);
        return Shifted(x, SecondShift).bitwise_right_shift(tensor(16L, device: device));
    }

    private static Tensor Shifted(Tensor x, int places) => x.bitwise_xor(x.bitwise_right_shift(tensor((long)places, device: x.device)));

    private static uint Mix(uint x)
    {
        x = (x ^ (x >>> FirstShift)) * First;
        x = (x ^ (x >>> SecondShift)) * Second;
        return x ^ (x >>> SecondShift);
    }
}
