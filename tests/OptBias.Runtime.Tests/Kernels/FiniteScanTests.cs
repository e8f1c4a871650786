using System.Runtime.InteropServices;
using OptBias.Kernels;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>The scan finds a NaN and an infinity of either sign wherever it stands, and takes no finite number for one.</summary>
public sealed unsafe class FiniteScanTests
{
    private static readonly ScalarType[] All = [ScalarType.Float64, ScalarType.Float32, ScalarType.BFloat16, ScalarType.Float16];

    public static TheoryData<ScalarType> Types => new(All);

    [Theory]
    [MemberData(nameof(Types))]
    public void A_number_that_is_not_finite_is_found_at_every_place_of_every_length(ScalarType dtype)
    {
        using var scan = new FiniteScan();
        foreach (var length in new[] { 1, 2, 3, 7, 8, 15, 16, 17, 63, 64, 65, 200 })
        {
            using var numbers = rand([length], dtype: ScalarType.Float64).sub(0.5).to_type(dtype);
            Assert.True(IsFinite(scan, numbers));
            for (var place = 0; place < length; place++)
            {
                foreach (var bad in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
                {
                    using var spoilt = numbers.clone();
                    spoilt[place] = tensor(bad, dtype);
                    Assert.False(IsFinite(scan, spoilt), $"{bad} at {place} of {length}");
                }
            }
        }
    }

    /// <summary>All numbers of 16 bits, and those of float32 and float64 whose upper 16 bits are these: by their bits against libtorch.</summary>
    [Theory]
    [MemberData(nameof(Types))]
    public void Every_exponent_is_judged_as_libtorch_judges_it(ScalarType dtype)
    {
        using var scan = new FiniteScan();
        var size = dtype switch { ScalarType.Float64 => 8, ScalarType.Float32 => 4, _ => 2 };
        using var numbers = zeros([1], dtype);
        var data = (byte*)Data(numbers);
        for (var upper = 0; upper <= ushort.MaxValue; upper++)
        {
            *(ushort*)(data + size - 2) = (ushort)upper;
            using var expected = numbers.isfinite();
            Assert.Equal(expected.item<bool>(), IsFinite(scan, numbers));
        }
    }

    [Fact]
    public void One_bad_number_among_many_tensors_of_all_types_is_found_by_any_number_of_threads()
    {
        using var scan = new FiniteScan();
        var threads = get_num_threads();
        try
        {
            foreach (var count in new[] { 1, 2, 3, 5 })
            {
                set_num_threads(count);
                for (var bad = -1; bad < 12; bad++)
                {
                    using var scope = NewDisposeScope();
                    var tensors = Enumerable.Range(0, 12).Select(k => zeros([k % 3 == 0 ? 70_001 : 13], All[k % 4])).ToArray();
                    if (bad >= 0)
                        tensors[bad][^1] = tensor(double.NaN, tensors[bad].dtype);
                    foreach (var one in tensors)
                        scan.Add(Data(one), one.NumberOfElements, one.dtype);
                    Assert.Equal(bad < 0, scan.Run());
                }
            }
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    private static bool IsFinite(FiniteScan scan, Tensor numbers)
    {
        scan.Add(Data(numbers), numbers.NumberOfElements, numbers.dtype);
        return scan.Run();
    }

    private static nint Data(Tensor numbers) => OptBias.Native.TorchNative.Data(numbers.Handle);
}
