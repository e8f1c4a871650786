using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptBias.Kernels;

internal static partial class Float64Lanes<TPowers>
{
    /// <summary>One value of float64: the tail of a loop, and machines without vectors.</summary>
    internal readonly unsafe struct ScalarFloat64(double value) : ILanes<ScalarFloat64>
    {
        private static readonly double AllBits = BitConverter.UInt64BitsToDouble(ulong.MaxValue);

        private readonly double value = value;

        public static int Count => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 Broadcast(double value) => new((double)value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 Load(nint address, long index) => new(((double*)address)[index]);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 LoadParameter(nint address, long index) => Load(address, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 LoadGradient(nint address, long index) => Load(address, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 LoadState(nint address, long index) => Load(address, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(nint address, long index, ScalarFloat64 value) => ((double*)address)[index] = value.value;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void StoreParameter(nint address, long index, ScalarFloat64 value) => Store(address, index, value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void StoreState(nint address, long index, ScalarFloat64 value) => Store(address, index, value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 operator +(ScalarFloat64 a, ScalarFloat64 b) => new(a.value + b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 operator -(ScalarFloat64 a, ScalarFloat64 b) => new(a.value - b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 operator *(ScalarFloat64 a, ScalarFloat64 b) => new(a.value * b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 operator /(ScalarFloat64 a, ScalarFloat64 b) => new(a.value / b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 operator -(ScalarFloat64 a) => new(-a.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 FusedMultiplyAdd(ScalarFloat64 a, ScalarFloat64 b, ScalarFloat64 c) => new(double.FusedMultiplyAdd(a.value, b.value, c.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 Sqrt(ScalarFloat64 a) => new(double.Sqrt(a.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 Abs(ScalarFloat64 a) => new(double.Abs(a.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 Sign(ScalarFloat64 a) => new(a.value > 0 ? 1 : a.value < 0 ? -1 : 0);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 Min(ScalarFloat64 a, ScalarFloat64 b) => new(double.Min(a.value, b.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 Max(ScalarFloat64 a, ScalarFloat64 b) => new(double.Max(a.value, b.value));

        public static ScalarFloat64 Pow(ScalarFloat64 a, ScalarFloat64 exponent)
        {
            // A whole vector: a shorter span is computed by the C library, whose last bit is another one than that of a vector.
            Span<double> powers = stackalloc double[Vector128<double>.Count];
            Span<double> exponents = stackalloc double[Vector128<double>.Count];
            powers.Fill(a.value);
            exponents.Fill(exponent.value);
            TensorPrimitives.Pow(powers, exponents, powers);
            return new(powers[0]);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 Pow(ScalarFloat64 a, double exponent) => exponent switch
        {
            0.5 => Sqrt(a),
            1 => a,
            2 => a * a,
            _ => TPowers.AreExact || exponent == 0 ? Broadcast(1) : PowOfPositive(a, exponent),
        };

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 Exp(ScalarFloat64 a) => new(Vector128.Exp(Vector128.Create(a.value)).ToScalar());

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 Log(ScalarFloat64 a) => new(Vector128.Log(Vector128.Create(a.value)).ToScalar());

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 CopySign(ScalarFloat64 a, ScalarFloat64 sign) => new(double.CopySign(a.value, sign.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 Less(ScalarFloat64 a, ScalarFloat64 b) => new(a.value < b.value ? AllBits : 0);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 LessOrEqual(ScalarFloat64 a, ScalarFloat64 b) => new(a.value <= b.value ? AllBits : 0);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 Equal(ScalarFloat64 a, ScalarFloat64 b) => new(a.value == b.value ? AllBits : 0);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 And(ScalarFloat64 a, ScalarFloat64 b) =>
            new(BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(a.value) & BitConverter.DoubleToUInt64Bits(b.value)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 Or(ScalarFloat64 a, ScalarFloat64 b) =>
            new(BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(a.value) | BitConverter.DoubleToUInt64Bits(b.value)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 Not(ScalarFloat64 mask) => new(BitConverter.DoubleToUInt64Bits(mask.value) != 0 ? 0 : AllBits);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat64 Select(ScalarFloat64 mask, ScalarFloat64 then, ScalarFloat64 otherwise) =>
            BitConverter.DoubleToUInt64Bits(mask.value) != 0 ? then : otherwise;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static double Sum(ScalarFloat64 a) => a.value;

        /// <summary>As the vectors have it, so that an element's number does not depend on where in the tensor it lies.</summary>
        private static ScalarFloat64 PowOfPositive(ScalarFloat64 a, double exponent) => a.value < 0
            ? Pow(a, Broadcast(exponent))
            : new(Vector128.Exp(Vector128.Create(exponent) * Vector128.Log(Vector128.Create(a.value))).ToScalar());
    }
}
