using System.Runtime.InteropServices;
using OptBias.Kernels;
using Exact = OptBias.Kernels.Float32Lanes<OptBias.Kernels.Float32Storage, OptBias.Kernels.Float32Storage, OptBias.Kernels.Float32Storage, OptBias.Kernels.ExactPowers>;
using Plain = OptBias.Kernels.Float32Lanes<OptBias.Kernels.Float32Storage, OptBias.Kernels.Float32Storage, OptBias.Kernels.Float32Storage, OptBias.Kernels.AnyPowers>;

namespace OptBias.Runtime.Tests;

/// <summary>Every width of lanes computes what the scalar functions of .NET compute. Widths that the processor lacks are emulated.</summary>
public sealed unsafe class LanesTests
{
    private static readonly double[] Numbers =
    [
        0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 3.25, -7.75, 1e-3, -1e-3, 1e-30, -1e-30, 17, -17, 60, -60, 0.1, -0.1,
        double.PositiveInfinity, double.NegativeInfinity, double.NaN, 1.5, -1.5, 0.999, 1.001, 4, 9, 80, 1e10, 123.456,
    ];

    [Fact]
    public void In_float32() => Everything<Plain.ScalarFloat32>(1.2e-7, single: true);

    [Fact]
    public void In_float64() => Everything<Float64Lanes<AnyPowers>.ScalarFloat64>(2.3e-16, single: false);

    [Fact]
    public void In_float32_at_256_bits() => Everything<Plain.Vector256Float32>(1.2e-7, single: true);

    [Fact]
    public void In_float64_at_256_bits() => Everything<Float64Lanes<AnyPowers>.Vector256Float64>(2.3e-16, single: false);

    [Fact]
    public void In_float32_at_512_bits() => Everything<Plain.Vector512Float32>(1.2e-7, single: true);

    [Fact]
    public void In_float64_at_512_bits() => Everything<Float64Lanes<AnyPowers>.Vector512Float64>(2.3e-16, single: false);

    [Fact]
    public void Powers_of_magnitudes()
    {
        Powers<Plain.ScalarFloat32>(1.2e-7, single: true);
        Powers<Float64Lanes<AnyPowers>.ScalarFloat64>(2.3e-16, single: false);
        Powers<Plain.Vector256Float32>(1.2e-7, single: true);
        Powers<Float64Lanes<AnyPowers>.Vector256Float64>(2.3e-16, single: false);
        Powers<Plain.Vector512Float32>(1.2e-7, single: true);
        Powers<Float64Lanes<AnyPowers>.Vector512Float64>(2.3e-16, single: false);
    }

    /// <summary>
    /// A tensor's last elements are computed one at a time. Their numbers must not depend on that: the same bits at every width,
    /// also beside a negative base, for which the vectors take another way.
    /// </summary>
    [Fact]
    public void An_element_has_the_same_bits_at_every_width()
    {
        SameBits<Plain.ScalarFloat32, Plain.Vector256Float32, Plain.Vector512Float32>(single: true);
        SameBits<Float64Lanes<AnyPowers>.ScalarFloat64, Float64Lanes<AnyPowers>.Vector256Float64, Float64Lanes<AnyPowers>.Vector512Float64>(single: false);
    }

    [Fact]
    public void Powers_that_are_products_and_roots()
    {
        ExactPowersOf<Exact.ScalarFloat32>(single: true);
        ExactPowersOf<Float64Lanes<ExactPowers>.ScalarFloat64>(single: false);
        ExactPowersOf<Exact.Vector256Float32>(single: true);
        ExactPowersOf<Float64Lanes<ExactPowers>.Vector256Float64>(single: false);
        ExactPowersOf<Exact.Vector512Float32>(single: true);
        ExactPowersOf<Float64Lanes<ExactPowers>.Vector512Float64>(single: false);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-0.0, true)]
    [InlineData(0.5, true)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(-1, false)]
    [InlineData(1 / 3.0, false)]
    [InlineData(double.NaN, false)]
    public void Exponents_that_need_no_call(double exponent, bool exact) => Assert.Equal(exact, ExactPowers.Have(exponent));

    private static void SameBits<TOne, TNarrow, TWide>(bool single)
        where TOne : unmanaged, ILanes<TOne>
        where TNarrow : unmanaged, ILanes<TNarrow>
        where TWide : unmanaged, ILanes<TWide>
    {
        var random = new Random(1);

        // In float64, numbers whose power is 0 or infinite are left out: there the vector function calls the C library for all its lanes.
        var a = Enumerable.Range(0, 4096).Select(i => Math.Exp((random.NextDouble() - 0.5) * 40) * (i % 37 == 0 ? -1 : 1)).Concat(single ? Numbers : []).ToArray();
        var logarithms = a.Select(x => double.IsNaN(x) || x == 0 ? x : Math.Log(Math.Abs(x))).ToArray();
        var b = Enumerable.Range(0, a.Length).Select(_ => (random.NextDouble() - 0.5) * 6).ToArray();
        void Same(string what, Func<TOne, TOne, TOne> one, Func<TNarrow, TNarrow, TNarrow> narrow, Func<TWide, TWide, TWide> wide)
        {
            var expected = Run<TOne>((x, y, _) => one(x, y), a, b, b, single);
            foreach (var actual in new[] { Run<TNarrow>((x, y, _) => narrow(x, y), a, b, b, single), Run<TWide>((x, y, _) => wide(x, y), a, b, b, single) })
                Assert.All(actual.Zip(expected, a), x => Assert.True(x.First.Equals(x.Second), $"{what} of {x.Third:R} is {x.First:R} in a vector, {x.Second:R} alone."));
        }

        var magnitudes = a;
        a = logarithms;
        Same("exp", (x, _) => TOne.Exp(x), (x, _) => TNarrow.Exp(x), (x, _) => TWide.Exp(x));
        a = magnitudes;
        Same("log", (x, _) => TOne.Log(x), (x, _) => TNarrow.Log(x), (x, _) => TWide.Log(x));
        Same("tanh", (x, _) => TOne.Tanh(x), (x, _) => TNarrow.Tanh(x), (x, _) => TWide.Tanh(x));
        Same("pow", TOne.Pow, TNarrow.Pow, TWide.Pow);
        foreach (var exponent in new[] { -1.5, 1.0 / 3, 1.5, 3 })
            Same($"power {exponent}", (x, _) => TOne.Pow(x, exponent), (x, _) => TNarrow.Pow(x, exponent), (x, _) => TWide.Pow(x, exponent));
    }

    private static void ExactPowersOf<V>(bool single)
        where V : unmanaged, ILanes<V>
    {
        double Round(double value) => single ? (float)value : value;
        var a = Numbers.Select(Round).ToArray();
        foreach (var (exponent, expected) in new (double, Func<double, double>)[] { (0, _ => 1), (-0.0, _ => 1), (0.5, Math.Sqrt), (1, x => x), (2, x => x * x) })
            Assert.Equal(a.Select(x => Round(expected(x))), Run<V>((x, _, _) => V.Pow(x, exponent), a, a, a, single));
    }

    /// <summary>Exponents for each lane, and one for all lanes, with |p ln x| up to 80.</summary>
    private static void Powers<V>(double unit, bool single)
        where V : unmanaged, ILanes<V>
    {
        double Round(double value) => single ? (float)value : value;
        var bases = Enumerable.Range(0, 64).Select(i => Round(Math.Pow(10, (i - 32) / 3.2))).ToArray();
        foreach (var exponent in new[] { -3.25, -1, 0, 1 / 3.0, 0.5, 1, 1.5, 2, 3.25 }.Select(Round))
        {
            var exponents = bases.Select(_ => exponent).ToArray();
            var expected = bases.Select(x => Round(Math.Pow(x, exponent))).ToArray();
            foreach (var actual in new[] { Run<V>((x, p, _) => V.Pow(x, p), bases, exponents, bases, single), Run<V>((x, _, _) => V.Pow(x, exponent), bases, exponents, bases, single) })
                Assert.All(actual.Zip(expected), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 256 * unit * Math.Abs(pair.Second)));
        }
    }

    private static void Everything<V>(double unit, bool single)
        where V : unmanaged, ILanes<V>
    {
        double Round(double value) => single ? (float)value : value;
        var a = Numbers.Select(Round).ToArray();
        var b = a.Reverse().ToArray();
        var c = a.Skip(5).Concat(a.Take(5)).ToArray();

        void Check(string what, Func<V, V, V, V> lanes, Func<double, double, double, double> scalar, double ulps) =>
            Assert.All(Run(lanes, a, b, c, single).Select((actual, i) => (actual, expected: Round(scalar(a[i], b[i], c[i])), i)), x => Assert.True(
                x.actual.Equals(x.expected) || (double.IsNaN(x.actual) && double.IsNaN(x.expected)) || Math.Abs(x.actual - x.expected) <= ulps * unit * Math.Abs(x.expected),
                $"{what} of {a[x.i]}, {b[x.i]}, {c[x.i]} is {x.actual:R}, not {x.expected:R}."));

        double Is(bool condition) => condition ? 1 : 2;
        Check("exp", (x, _, _) => V.Exp(x), (x, _, _) => Math.Exp(x), 2);
        Check("log", (x, _, _) => V.Log(x), (x, _, _) => Math.Log(x), 4);
        Check("tanh", (x, _, _) => V.Tanh(x), (x, _, _) => Math.Tanh(x), 8);
        Check("copysign", (x, y, _) => V.CopySign(x, y), (x, y, _) => Math.CopySign(x, y), 0);
        Check("clamp", (x, y, z) => V.Clamp(x, V.Min(y, z), V.Max(y, z)), (x, y, z) => Math.Min(Math.Max(x, Math.Min(y, z)), Math.Max(y, z)), 0);
        Check("fma", (x, y, z) => V.FusedMultiplyAdd(x, y, z), (x, y, z) => single ? float.FusedMultiplyAdd((float)x, (float)y, (float)z) : Math.FusedMultiplyAdd(x, y, z), 0);
        Check("sqrt", (x, _, _) => V.Sqrt(x), (x, _, _) => single ? float.Sqrt((float)x) : Math.Sqrt(x), 0);
        Check("abs", (x, _, _) => V.Abs(x), (x, _, _) => Math.Abs(x), 0);
        Check("sign", (x, _, _) => V.Sign(x), (x, _, _) => double.IsNaN(x) ? 0 : Math.Sign(x), 0);
        Check("min", (x, y, _) => V.Min(x, y), (x, y, _) => Math.Min(x, y), 0);
        Check("max", (x, y, _) => V.Max(x, y), (x, y, _) => Math.Max(x, y), 0);

        V Choose(V mask) => V.Select(mask, V.Broadcast(1), V.Broadcast(2));
        Check("less", (x, y, _) => Choose(V.Less(x, y)), (x, y, _) => Is(x < y), 0);
        Check("or equal", (x, y, _) => Choose(V.LessOrEqual(x, y)), (x, y, _) => Is(x <= y), 0);
        Check("equal", (x, y, _) => Choose(V.Equal(V.Abs(x), V.Abs(y))), (x, y, _) => Is(Math.Abs(x) == Math.Abs(y)), 0);
        Check("and", (x, y, z) => Choose(V.And(V.Less(x, y), V.Less(y, z))), (x, y, z) => Is(x < y && y < z), 0);
        Check("or", (x, y, z) => Choose(V.Or(V.Less(x, y), V.Less(y, z))), (x, y, z) => Is(x < y || y < z), 0);
        Check("not", (x, y, _) => Choose(V.Not(V.Less(x, y))), (x, y, _) => Is(!(x < y)), 0);
        Check("not not", (x, y, _) => Choose(V.Not(V.Not(V.Less(x, y)))), (x, y, _) => Is(x < y), 0);
    }

    private static double[] Run<V>(Func<V, V, V, V> operation, double[] a, double[] b, double[] c, bool single)
        where V : unmanaged, ILanes<V>
    {
        Assert.Equal(0, a.Length % V.Count);
        var results = new double[a.Length];
        using var x = new Column(a, single);
        using var y = new Column(b, single);
        using var z = new Column(c, single);
        using var r = new Column(results, single);
        for (var i = 0; i < a.Length; i += V.Count)
            V.Store(r.Address, i, operation(V.Load(x.Address, i), V.Load(y.Address, i), V.Load(z.Address, i)));
        return r.ToArray();
    }

    /// <summary>Numbers in native memory.</summary>
    private sealed class Column : IDisposable
    {
        private readonly int count;
        private readonly bool single;

        public Column(double[] values, bool single)
        {
            (this.count, this.single) = (values.Length, single);
            this.Address = (nint)NativeMemory.AlignedAlloc((nuint)(values.Length * sizeof(double)), 64);
            for (var i = 0; i < values.Length; i++)
            {
                if (single)
                    ((float*)this.Address)[i] = (float)values[i];
                else
                    ((double*)this.Address)[i] = values[i];
            }
        }

        public nint Address { get; }

        public double[] ToArray() => [.. Enumerable.Range(0, this.count).Select(i => this.single ? ((float*)this.Address)[i] : ((double*)this.Address)[i])];

        public void Dispose() => NativeMemory.AlignedFree((void*)this.Address);
    }
}
