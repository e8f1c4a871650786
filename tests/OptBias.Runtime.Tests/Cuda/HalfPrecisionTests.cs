using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>Prelude.cu converts half precision by its bits: for every number of 16 bits, and for float32 around every border between two of them.</summary>
public sealed unsafe class HalfPrecisionTests
{
    [SkippableFact]
    public void Float16_widens_exactly_and_is_rounded_to_the_nearest_even()
    {
        var widen = (delegate* unmanaged[Cdecl]<ushort, float>)HostDevice.Export(ScalarType.Float32, "widen_half");
        var narrow = (delegate* unmanaged[Cdecl]<float, ushort>)HostDevice.Export(ScalarType.Float32, "narrow_half");
        for (var bits = 0; bits <= ushort.MaxValue; bits++)
        {
            var half = BitConverter.UInt16BitsToHalf((ushort)bits);
            var wide = widen((ushort)bits);
            Assert.True(((float)half).Equals(wide), $"{bits:x4} widens to {wide}.");
            foreach (var near in Around(wide, (float)Half.BitIncrement(half)))
            {
                var expected = (Half)near;
                var actual = BitConverter.UInt16BitsToHalf(narrow(near));
                Assert.True(Half.IsNaN(expected) ? Half.IsNaN(actual) : BitConverter.HalfToUInt16Bits(expected) == BitConverter.HalfToUInt16Bits(actual), $"{near:r} becomes {actual}, not {expected}.");
            }
        }
    }

    [SkippableFact]
    public void Bfloat16_widens_exactly_and_is_rounded_to_the_nearest_even()
    {
        var widen = (delegate* unmanaged[Cdecl]<ushort, float>)HostDevice.Export(ScalarType.Float32, "widen_brain");
        var narrow = (delegate* unmanaged[Cdecl]<float, ushort>)HostDevice.Export(ScalarType.Float32, "narrow_brain");
        for (var bits = 0; bits <= ushort.MaxValue; bits++)
        {
            var wide = BitConverter.Int32BitsToSingle(bits << 16);
            Assert.True(wide.Equals(widen((ushort)bits)), $"{bits:x4} widens to {widen((ushort)bits)}.");
            foreach (var near in Around(wide, BitConverter.Int32BitsToSingle((bits + 1) << 16)))
            {
                var actual = BitConverter.Int32BitsToSingle(narrow(near) << 16);
                Assert.True(float.IsNaN(near) ? float.IsNaN(actual) : Nearest(near).Equals(actual), $"{near:r} becomes {actual:r}, not {Nearest(near):r}.");
            }
        }
    }

    /// <summary>A number, and those around the middle between it and the next.</summary>
    private static float[] Around(float a, float b)
    {
        var middle = (float)(((double)a + b) / 2);
        return [a, middle, float.BitIncrement(middle), float.BitDecrement(middle)];
    }

    /// <summary>The nearer of the two numbers of 16 bits around a number, the even one where both are as near.</summary>
    private static float Nearest(float x)
    {
        var bits = BitConverter.SingleToInt32Bits(x);
        var (low, rest) = (bits & ~0xffff, bits & 0xffff);
        var up = rest > 0x8000 || (rest == 0x8000 && ((low >> 16) & 1) == 1);
        return BitConverter.Int32BitsToSingle(up ? low + 0x10000 : low);
    }
}
