using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptBias.Kernels;

internal static partial class Float32Lanes<TParameter, TGradient, TState, TPowers>
{
    /// <summary>Sixteen values of float32 in a 512-bit vector.</summary>
    internal readonly unsafe struct Vector512Float32(Vector512<float> value) : ILanes<Vector512Float32>
    {
        private readonly Vector512<float> value = value;

        public static int Count => Vector512<float>.Count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 Broadcast(double value) => new(Vector512.Create((float)value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 Load(nint address, long index) => new(Vector512.Load((float*)address + index));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 LoadParameter(nint address, long index) => new(TParameter.Load512(address, index));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 LoadGradient(nint address, long index) => new(TGradient.Load512(address, index));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 LoadState(nint address, long index) => new(TState.Load512(address, index));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(nint address, long index, Vector512Float32 value) => value.value.Store((float*)address + index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void StoreParameter(nint address, long index, Vector512Float32 value) => TParameter.Store(address, index, value.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void StoreState(nint address, long index, Vector512Float32 value) => TState.Store(address, index, value.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 operator +(Vector512Float32 a, Vector512Float32 b) => new(a.value + b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 operator -(Vector512Float32 a, Vector512Float32 b) => new(a.value - b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 operator *(Vector512Float32 a, Vector512Float32 b) => new(a.value * b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 operator /(Vector512Float32 a, Vector512Float32 b) => new(a.value / b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 operator -(Vector512Float32 a) => new(-a.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 FusedMultiplyAdd(Vector512Float32 a, Vector512Float32 b, Vector512Float32 c) => new(Vector512.FusedMultiplyAdd(a.value, b.value, c.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 Sqrt(Vector512Float32 a) => new(Vector512.Sqrt(a.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 Abs(Vector512Float32 a) => new(Vector512.Abs(a.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 Sign(Vector512Float32 a) =>
            new(Vector512.ConditionalSelect(Vector512.GreaterThan(Vector512.Abs(a.value), Vector512<float>.Zero), Vector512.CopySign(Vector512<float>.One, a.value), Vector512<float>.Zero));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 Min(Vector512Float32 a, Vector512Float32 b) => new(Vector512.Min(a.value, b.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 Max(Vector512Float32 a, Vector512Float32 b) => new(Vector512.Max(a.value, b.value));

        public static Vector512Float32 Pow(Vector512Float32 a, Vector512Float32 exponent)
        {
            Span<float> powers = stackalloc float[Count];
            Span<float> exponents = stackalloc float[Count];
            a.value.CopyTo(powers);
            exponent.value.CopyTo(exponents);
            TensorPrimitives.Pow(powers, exponents, powers);
            return new(Vector512.Create<float>(powers));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 Pow(Vector512Float32 a, double exponent) => exponent switch
        {
            0.5 => Sqrt(a),
            1 => a,
            2 => a * a,
            _ => TPowers.AreExact || exponent == 0 ? Broadcast(1) : PowOfPositive(a, (float)exponent),
        };

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 Exp(Vector512Float32 a) => new(Vector512.Exp(a.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 Log(Vector512Float32 a) => new(Vector512.Log(a.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 CopySign(Vector512Float32 a, Vector512Float32 sign) => new(Vector512.CopySign(a.value, sign.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 Less(Vector512Float32 a, Vector512Float32 b) => new(Vector512.LessThan(a.value, b.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 LessOrEqual(Vector512Float32 a, Vector512Float32 b) => new(Vector512.LessThanOrEqual(a.value, b.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 Equal(Vector512Float32 a, Vector512Float32 b) => new(Vector512.Equals(a.value, b.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 And(Vector512Float32 a, Vector512Float32 b) => new(a.value & b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 Or(Vector512Float32 a, Vector512Float32 b) => new(a.value | b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 Not(Vector512Float32 mask) => new(~mask.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512Float32 Select(Vector512Float32 mask, Vector512Float32 then, Vector512Float32 otherwise) =>
            new(Vector512.ConditionalSelect(mask.value, then.value, otherwise.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static double Sum(Vector512Float32 a) => Vector512.Sum(Vector512.WidenLower(a.value)) + Vector512.Sum(Vector512.WidenUpper(a.value));

        /// <summary>exp(p log a), exact enough because optimizers raise magnitudes; a negative base takes the general way, and its neighbours do not.</summary>
        private static Vector512Float32 PowOfPositive(Vector512Float32 a, float exponent)
        {
            var power = Vector512.Exp(Vector512.Create(exponent) * Vector512.Log(Vector512.Abs(a.value)));
            return Vector512.LessThanAny(a.value, Vector512<float>.Zero)
                ? new(Vector512.ConditionalSelect(Vector512.LessThan(a.value, Vector512<float>.Zero), Pow(a, Broadcast(exponent)).value, power))
                : new(power);
        }
    }
}
