using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptBias.Kernels;

internal static partial class Float64Lanes<TPowers>
{
    /// <summary>Eight values of float64 in a 512-bit vector.</summary>
    internal readonly unsafe struct Vector512Float64(Vector512<double> value) : ILanes<Vector512Float64>
    {
        private readonly Vector512<double> value = value;

        public static int Count => Vector512<double>.Count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 Broadcast(double value) => new(Vector512.Create((double)value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 Load(nint address, long index) => new(Vector512.Load((double*)address + index));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 LoadParameter(nint address, long index) => Load(address, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 LoadGradient(nint address, long index) => Load(address, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 LoadState(nint address, long index) => Load(address, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(nint address, long index, Vector512Float64 value) => value.value.Store((double*)address + index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void StoreParameter(nint address, long index, Vector512Float64 value) => Store(address, index, value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void StoreState(nint address, long index, Vector512Float64 value) => Store(address, index, value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 operator +(Vector512Float64 a, Vector512Float64 b) => new(a.value + b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 operator -(Vector512Float64 a, Vector512Float64 b) => new(a.value - b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 operator *(Vector512Float64 a, Vector512Float64 b) => new(a.value * b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 operator /(Vector512Float64 a, Vector512Float64 b) => new(a.value / b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 operator -(Vector512Float64 a) => new(-a.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 FusedMultiplyAdd(Vector512Float64 a, Vector512Float64 b, Vector512Float64 c) => new(Vector512.FusedMultiplyAdd(a.value, b.value, c.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 Sqrt(Vector512Float64 a) => new(Vector512.Sqrt(a.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 Abs(Vector512Float64 a) => new(Vector512.Abs(a.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 Sign(Vector512Float64 a) =>
            new(Vector512.ConditionalSelect(Vector512.GreaterThan(Vector512.Abs(a.value), Vector512<double>.Zero), Vector512.CopySign(Vector512<double>.One, a.value), Vector512<double>.Zero));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 Min(Vector512Float64 a, Vector512Float64 b) => new(Vector512.Min(a.value, b.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 Max(Vector512Float64 a, Vector512Float64 b) => new(Vector512.Max(a.value, b.value));

        public static Vector512Float64 Pow(Vector512Float64 a, Vector512Float64 exponent)
        {
            Span<double> powers = stackalloc double[Count];
            Span<double> exponents = stackalloc double[Count];
            a.value.CopyTo(powers);
            exponent.value.CopyTo(exponents);
            TensorPrimitives.Pow(powers, exponents, powers);
            return new(Vector512.Create<double>(powers));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 Pow(Vector512Float64 a, double exponent) => exponent switch
        {
            0.5 => Sqrt(a),
            1 => a,
            2 => a * a,
            _ => TPowers.AreExact || exponent == 0 ? Broadcast(1) : PowOfPositive(a, exponent),
        };

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 Exp(Vector512Float64 a) => new(Vector512.Exp(a.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 Log(Vector512Float64 a) => new(Vector512.Log(a.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 CopySign(Vector512Float64 a, Vector512Float64 sign) => new(Vector512.CopySign(a.value, sign.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 Less(Vector512Float64 a, Vector512Float64 b) => new(Vector512.LessThan(a.value, b.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 LessOrEqual(Vector512Float64 a, Vector512Float64 b) => new(Vector512.LessThanOrEqual(a.value, b.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 Equal(Vector512Float64 a, Vector512Float64 b) => new(Vector512.Equals(a.value, b.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 And(Vector512Float64 a, Vector512Float64 b) => new(a.value & b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 Or(Vector512Float64 a, Vector512Float64 b) => new(a.value | b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 Not(Vector512Float64 mask) => new(~mask.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float64 Select(Vector512Float64 mask, Vector512Float64 then, Vector512Float64 otherwise) =>
            new(Vector512.ConditionalSelect(mask.value, then.value, otherwise.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static double Sum(Vector512Float64 a) => Vector512.Sum(a.value);

        /// <summary>exp(p log a), exact enough because optimizers raise magnitudes; a negative base takes the general way, and its neighbours do not.</summary>
        private static Vector512Float64 PowOfPositive(Vector512Float64 a, double exponent)
        {
            var power = Vector512.Exp(Vector512.Create(exponent) * Vector512.Log(Vector512.Abs(a.value)));
            return Vector512.LessThanAny(a.value, Vector512<double>.Zero)
                ? new(Vector512.ConditionalSelect(Vector512.LessThan(a.value, Vector512<double>.Zero), Pow(a, Broadcast(exponent)).value, power))
                : new(power);
        }
    }
}
