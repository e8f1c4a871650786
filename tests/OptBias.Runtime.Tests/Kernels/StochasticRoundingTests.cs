using OptBias.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>Rounding to bfloat16 by chance.</summary>
public sealed unsafe class StochasticRoundingTests
{
    /// <summary>Numbers of all sizes: near 1, negative, of few bits, subnormal, near the largest.</summary>
    public static TheoryData<float> Numbers => [1.001f, -1.001f, 1.0039f, 0.1f, 3e-7f, -123.456f, 1.5e-39f, -1e-40f, 3.3e38f, 65535.5f];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void The_mean_over_the_elements_is_the_number(float number) =>
        AssertMean(number, Enumerable.Range(0, 8).SelectMany(k => Rounded([.. Enumerable.Repeat(number, 1 << 16)], RandomBits.Key(1, 5, 0, k), 16)));

    [Theory]
    [MemberData(nameof(Numbers))]
    public void The_mean_over_the_steps_is_the_number(float number) =>
        AssertMean(number, Enumerable.Range(1, 1 << 16).Select(step => Rounded([number], RandomBits.Key(1, step, 0, 0), 1)[0]));

    [Fact]
    public void Neighbours_are_not_rounded_alike()
    {
        // Of 65,536 pairs with even chances, half are alike; five standard deviations are 640 pairs.
        var rounded = Rounded([.. Enumerable.Repeat(1 + (1 / 256f), 1 << 17)], RandomBits.Key(0, 1, 0, 0), 16);
        foreach (var distance in new[] { 1, 2, 16, 64, 1024 })
        {
            var alike = Enumerable.Range(0, 1 << 16).Count(i => rounded[i] == rounded[i + distance]);
            Assert.InRange(alike, 32768 - 640, 32768 + 640);
        }
    }

    [Fact]
    public void All_widths_and_the_operations_round_alike()
    {
        var numbers = Mixed(1 << 16);
        foreach (var key in new[] { 0u, 1u, 0x8000_0000, uint.MaxValue, RandomBits.Key(7, 1L << 40, 3, 2) })
        {
            var one = Rounded(numbers, key, 1);
            Assert.Equal(one, Rounded(numbers, key, 8));
            Assert.Equal(one, Rounded(numbers, key, 16));
            using var scope = NewDisposeScope();
            var operations = StochasticRounding.Round(tensor(numbers), key).to_type(ScalarType.Float32).data<float>().ToArray();
            Assert.Equal(one, operations);
        }
    }

    [Fact]
    public void What_bfloat16_has_stays_and_all_else_goes_to_a_neighbour()
    {
        var numbers = Mixed(1 << 16);
        var rounded = Rounded(numbers, RandomBits.Key(3, 1, 0, 0), 16);
        for (var i = 0; i < numbers.Length; i++)
        {
            var bits = BitConverter.SingleToUInt32Bits(numbers[i]);
            if (float.IsNaN(numbers[i]) || float.IsInfinity(numbers[i]) || (bits & 0xffff) == 0)
            {
                Assert.Equal(numbers[i], rounded[i]);
                continue;
            }

            var low = BitConverter.UInt32BitsToSingle(bits & 0xffff_0000);
            var high = BitConverter.UInt32BitsToSingle((bits & 0xffff_0000) + 0x1_0000);
            Assert.True(rounded[i] == low || rounded[i] == high, $"{numbers[i]:r} became {rounded[i]:r}.");
        }
    }

    [Fact]
    public void Keys_differ_by_seed_step_parameter_and_use()
    {
        var keys = new HashSet<uint>();
        for (var k = 0; k < 100; k++)
        {
            foreach (var key in new[] { RandomBits.Key(k, 1, 0, 0), RandomBits.Key(0, k + 2, 0, 0), RandomBits.Key(0, 1, k + 1, 0), RandomBits.Key(0, 1, 0, k + 1), RandomBits.Key(0, 1, 0, -1 - k), RandomBits.Key(0, (k + 1L) << 32, 0, 0) })
                Assert.True(keys.Add(key));
        }
    }

    private static void AssertMean(float number, IEnumerable<float> rounded)
    {
        var values = rounded.Select(x => (double)x).ToList();
        var spread = values.Max() - values.Min();
        Assert.NotEqual(0, spread);

        // Five standard deviations of a mean of numbers that take two values.
        Assert.InRange(Math.Abs(values.Average() - number), 0, 2.5 * spread / Math.Sqrt(values.Count));
    }

    /// <summary>Numbers of every exponent and both signs, with all sorts of fractions; the special ones among them.</summary>
    private static float[] Mixed(int count)
    {
        var random = new Random(1);
        var numbers = Enumerable.Range(0, count).Select(_ => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue))).ToArray();
        float[] special = [0, -0f, 1, -1, float.PositiveInfinity, float.NegativeInfinity, float.NaN, float.MaxValue, float.MinValue, float.Epsilon, BitConverter.Int32BitsToSingle(0x7f80_0001), BitConverter.Int32BitsToSingle(unchecked((int)0xff80_0001))];
        special.CopyTo(numbers, 5);
        return numbers;
    }

    private static float[] Rounded(float[] numbers, uint key, int width)
    {
        var narrow = new ushort[numbers.Length];
        fixed (float* wide = numbers)
        fixed (ushort* bits = narrow)
        {
            var kept = new StoredTensor { Data = (nint)bits, Key = key };
            var address = (nint)(&kept);
            for (var i = 0; i < numbers.Length; i += width)
            {
                switch (width)
                {
                    case 16: StochasticBFloat16Storage.Store(address, i, Float32Storage.Load512((nint)wide, i)); break;
                    case 8: StochasticBFloat16Storage.Store(address, i, Float32Storage.Load256((nint)wide, i)); break;
                    default: StochasticBFloat16Storage.Store(address, i, Float32Storage.Load((nint)wide, i)); break;
                }
            }
        }

        return [.. narrow.Select(bits => BitConverter.UInt32BitsToSingle((uint)bits << 16))];
    }
}
