using OptBias.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>
/// bfloat16 and float16 are read and written as torch converts them, at every width of vectors: every number of 16 bits, and float32
/// around every border between two of them. Widths that the processor lacks are emulated.
/// </summary>
public sealed unsafe class NarrowStorageTests
{
    private const int Patterns = 1 << 16;

    [Fact]
    public void Bfloat16_is_read_as_torch_reads_it() => Read<BFloat16Storage>(ScalarType.BFloat16);

    [Fact]
    public void Float16_is_read_as_torch_reads_it() => Read<Float16Storage>(ScalarType.Float16);

    [Fact]
    public void Bfloat16_is_written_as_torch_writes_it() => Write<BFloat16Storage>(ScalarType.BFloat16);

    [Fact]
    public void Float16_is_written_as_torch_writes_it() => Write<Float16Storage>(ScalarType.Float16);

    private static void Read<TStorage>(ScalarType dtype)
        where TStorage : struct, IFloat32Storage
    {
        using var scope = NewDisposeScope();
        var narrow = AllPatterns(dtype);
        var expected = narrow.to_type(ScalarType.Float32).data<float>().ToArray();
        foreach (var width in new[] { 16, 8, 1 })
        {
            var actual = new float[Patterns];
            var address = Native.TorchNative.Data(narrow.Handle);
            fixed (float* wide = actual)
            {
                for (var i = 0; i < Patterns; i += width)
                {
                    switch (width)
                    {
                        case 16: Float32Storage.Store((nint)wide, i, TStorage.Load512(address, i)); break;
                        case 8: Float32Storage.Store((nint)wide, i, TStorage.Load256(address, i)); break;
                        default: Float32Storage.Store((nint)wide, i, TStorage.Load(address, i)); break;
                    }
                }
            }

            for (var i = 0; i < Patterns; i++)
                Assert.True(Same(expected[i], actual[i]), $"{width} wide, {i:x4} is read as {actual[i]:r}, not {expected[i]:r}.");
        }
    }

    private static void Write<TStorage>(ScalarType dtype)
        where TStorage : struct, IFloat32Storage
    {
        using var scope = NewDisposeScope();
        var numbers = Around(AllPatterns(dtype).to_type(ScalarType.Float32).data<float>().ToArray());
        var expected = tensor(numbers).to_type(dtype).to_type(ScalarType.Float32).data<float>().ToArray();
        foreach (var width in new[] { 16, 8, 1 })
        {
            var narrow = zeros(numbers.Length, dtype: dtype);
            var address = Native.TorchNative.Data(narrow.Handle);
            fixed (float* wide = numbers)
            {
                for (var i = 0; i < numbers.Length; i += width)
                {
                    switch (width)
                    {
                        case 16: TStorage.Store(address, i, Float32Storage.Load512((nint)wide, i)); break;
                        case 8: TStorage.Store(address, i, Float32Storage.Load256((nint)wide, i)); break;
                        default: TStorage.Store(address, i, Float32Storage.Load((nint)wide, i)); break;
                    }
                }
            }

            var actual = narrow.to_type(ScalarType.Float32).data<float>().ToArray();
            for (var i = 0; i < numbers.Length; i++)
                Assert.True(Same(expected[i], actual[i]), $"{width} wide, {numbers[i]:r} is written as {actual[i]:r}, not {expected[i]:r}.");
        }
    }

    /// <summary>Every number of a type of 16 bits, in the order of the bits.</summary>
    private static Tensor AllPatterns(ScalarType dtype)
    {
        var numbers = zeros(Patterns, dtype: dtype);
        var bits = (ushort*)Native.TorchNative.Data(numbers.Handle);
        for (var i = 0; i < Patterns; i++)
            bits[i] = (ushort)i;
        return numbers;
    }

    /// <summary>Equal, the sign of zero included; any NaN for any other.</summary>
    private static bool Same(float a, float b) => float.IsNaN(a) ? float.IsNaN(b) : BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b);

    /// <summary>Each number, and those around the middle between it and the next of its sign; then numbers of all exponents, and odd NaNs.</summary>
    private static float[] Around(float[] numbers)
    {
        var all = new List<float>();
        for (var i = 0; i < numbers.Length; i++)
        {
            var next = i + 1 < numbers.Length ? numbers[i + 1] : numbers[i];
            var middle = (float)(((double)numbers[i] + next) / 2);
            all.AddRange([numbers[i], middle, float.BitIncrement(middle), float.BitDecrement(middle)]);
        }

        for (var exponent = 0; exponent < 256; exponent++)
        {
            foreach (var fraction in new[] { 0, 1, 0x1fff, 0x2000, 0x2001, 0x7fff, 0x8000, 0x8001, 0xffff, 0x7f_ffff })
            {
                all.Add(BitConverter.Int32BitsToSingle((exponent << 23) | fraction));
                all.Add(-all[^1]);
            }
        }

        while (all.Count % 16 != 0)
            all.Add(0);
        return [.. all];
    }
}
