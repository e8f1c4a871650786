using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptBias.Kernels;

internal static partial class Float64Lanes<TPowers>
{
    /// <summary>Four values of float64 in a 256-bit vector.</summary>
    internal readonly unsafe struct Vector256Float64(Vector256<double> value) : ILanes<Vector256Float64>
    {
        private readonly Vector256<double> value = value;

        public static int Count => Vector256<double>.Count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 Broadcast(double value) => new(Vector256.Create((double)value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 Load(nint address, long index) => new(Vector256.Load((double*)address + index));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 LoadParameter(nint address, long index) => Load(address, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 LoadGradient(nint address, long index) => Load(address, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 LoadState(nint address, long index) => Load(address, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(nint address, long index, Vector256Float64 value) => value.value.Store((double*)address + index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void StoreParameter(nint address, long index, Vector256Float64 value) => Store(address, index, value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void StoreState(nint address, long index, Vector256Float64 value) => Store(address, index, value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 operator +(Vector256Float64 a, Vector256Float64 b) => new(a.value + b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 operator -(Vector256Float64 a, Vector256Float64 b) => new(a.value - b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 operator *(Vector256Float64 a, Vector256Float64 b) => new(a.value * b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 operator /(Vector256Float64 a, Vector256Float64 b) => new(a.value / b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 operator -(Vector256Float64 a) => new(-a.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 FusedMultiplyAdd(Vector256Float64 a, Vector256Float64 b, Vector256Float64 c) => new(Vector256.FusedMultiplyAdd(a.value, b.value, c.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 Sqrt(Vector256Float64 a) => new(Vector256.Sqrt(a.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 Abs(Vector256Float64 a) => new(Vector256.Abs(a.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 Sign(Vector256Float64 a) =>
            new(Vector256.ConditionalSelect(Vector256.GreaterThan(Vector256.Abs(a.value), Vector256<double>.Zero), Vector256.CopySign(Vector256<double>.One, a.value), Vector256<double>.Zero));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 Min(Vector256Float64 a, Vector256Float64 b) => new(Vector256.Min(a.value, b.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 Max(Vector256Float64 a, Vector256Float64 b) => new(Vector256.Max(a.value, b.value));

        public static Vector256Float64 Pow(Vector256Float64 a, Vector256Float64 exponent)
        {
            Span<double> powers = stackalloc double[Count];
            Span<double> exponents = stackalloc double[Count];
            a.value.CopyTo(powers);
            exponent.value.CopyTo(exponents);
            TensorPrimitives.Pow(powers, exponents, powers);
            return new(Vector256.Create<double>(powers));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 Pow(Vector256Float64 a, double exponent) => exponent switch
        {
            0.5 => Sqrt(a),
            1 => a,
            2 => a * a,
            _ => TPowers.AreExact || exponent == 0 ? Broadcast(1) : PowOfPositive(a, exponent),
        };

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 Exp(Vector256Float64 a) => new(Vector256.Exp(a.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 Log(Vector256Float64 a) => new(Vector256.Log(a.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 CopySign(Vector256Float64 a, Vector256Float64 sign) => new(Vector256.CopySign(a.value, sign.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 Less(Vector256Float64 a, Vector256Float64 b) => new(Vector256.LessThan(a.value, b.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 LessOrEqual(Vector256Float64 a, Vector256Float64 b) => new(Vector256.LessThanOrEqual(a.value, b.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 Equal(Vector256Float64 a, Vector256Float64 b) => new(Vector256.Equals(a.value, b.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 And(Vector256Float64 a, Vector256Float64 b) => new(a.value & b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 Or(Vector256Float64 a, Vector256Float64 b) => new(a.value | b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 Not(Vector256Float64 mask) => new(~mask.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float64 Select(Vector256Float64 mask, Vector256Float64 then, Vector256Float64 otherwise) =>
            new(Vector256.ConditionalSelect(mask.value, then.value, otherwise.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static double Sum(Vector256Float64 a) => Vector256.Sum(a.value);

        /// <summary>exp(p log a), exact enough because optimizers raise magnitudes; a negative base takes the general way, and its neighbours do not.</summary>
        private static Vector256Float64 PowOfPositive(Vector256Float64 a, double exponent)
        {
            var power = Vector256.Exp(Vector256.Create(exponent) * Vector256.Log(Vector256.Abs(a.value)));
            return Vector256.LessThanAny(a.value, Vector256<double>.Zero)
                ? new(Vector256.ConditionalSelect(Vector256.LessThan(a.value, Vector256<double>.Zero), Pow(a, Broadcast(exponent)).value, power))
                : new(power);
        }
    }
}
