using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptBias.Kernels;

internal static partial class Float32Lanes<TParameter, TGradient, TState, TPowers>
{
    /// <summary>Eight values of float32 in a 256-bit vector.</summary>
    internal readonly unsafe struct Vector256Float32(Vector256<float> value) : ILanes<Vector256Float32>
    {
        private readonly Vector256<float> value = value;

        public static int Count => Vector256<float>.Count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 Broadcast(double value) => new(Vector256.Create((float)value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 Load(nint address, long index) => new(Vector256.Load((float*)address + index));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 LoadParameter(nint address, long index) => new(TParameter.Load256(address, index));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 LoadGradient(nint address, long index) => new(TGradient.Load256(address, index));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 LoadState(nint address, long index) => new(TState.Load256(address, index));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(nint address, long index, Vector256Float32 value) => value.value.Store((float*)address + index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void StoreParameter(nint address, long index, Vector256Float32 value) => TParameter.Store(address, index, value.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void StoreState(nint address, long index, Vector256Float32 value) => TState.Store(address, index, value.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 operator +(Vector256Float32 a, Vector256Float32 b) => new(a.value + b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 operator -(Vector256Float32 a, Vector256Float32 b) => new(a.value - b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 operator *(Vector256Float32 a, Vector256Float32 b) => new(a.value * b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 operator /(Vector256Float32 a, Vector256Float32 b) => new(a.value / b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 operator -(Vector256Float32 a) => new(-a.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 FusedMultiplyAdd(Vector256Float32 a, Vector256Float32 b, Vector256Float32 c) => new(Vector256.FusedMultiplyAdd(a.value, b.value, c.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 Sqrt(Vector256Float32 a) => new(Vector256.Sqrt(a.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 Abs(Vector256Float32 a) => new(Vector256.Abs(a.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 Sign(Vector256Float32 a) =>
            new(Vector256.ConditionalSelect(Vector256.GreaterThan(Vector256.Abs(a.value), Vector256<float>.Zero), Vector256.CopySign(Vector256<float>.One, a.value), Vector256<float>.Zero));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 Min(Vector256Float32 a, Vector256Float32 b) => new(Vector256.Min(a.value, b.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 Max(Vector256Float32 a, Vector256Float32 b) => new(Vector256.Max(a.value, b.value));

        public static Vector256Float32 Pow(Vector256Float32 a, Vector256Float32 exponent)
        {
            Span<float> powers = stackalloc float[Count];
            Span<float> exponents = stackalloc float[Count];
            a.value.CopyTo(powers);
            exponent.value.CopyTo(exponents);
            TensorPrimitives.Pow(powers, exponents, powers);
            return new(Vector256.Create<float>(powers));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 Pow(Vector256Float32 a, double exponent) => exponent switch
        {
            0.5 => Sqrt(a),
            1 => a,
            2 => a * a,
            _ => TPowers.AreExact || exponent == 0 ? Broadcast(1) : PowOfPositive(a, (float)exponent),
        };

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 Exp(Vector256Float32 a) => new(Vector256.Exp(a.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 Log(Vector256Float32 a) => new(Vector256.Log(a.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 CopySign(Vector256Float32 a, Vector256Float32 sign) => new(Vector256.CopySign(a.value, sign.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 Less(Vector256Float32 a, Vector256Float32 b) => new(Vector256.LessThan(a.value, b.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 LessOrEqual(Vector256Float32 a, Vector256Float32 b) => new(Vector256.LessThanOrEqual(a.value, b.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 Equal(Vector256Float32 a, Vector256Float32 b) => new(Vector256.Equals(a.value, b.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 And(Vector256Float32 a, Vector256Float32 b) => new(a.value & b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 Or(Vector256Float32 a, Vector256Float32 b) => new(a.value | b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 Not(Vector256Float32 mask) => new(~mask.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256Float32 Select(Vector256Float32 mask, Vector256Float32 then, Vector256Float32 otherwise) =>
            new(Vector256.ConditionalSelect(mask.value, then.value, otherwise.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static double Sum(Vector256Float32 a) => Vector256.Sum(Vector256.WidenLower(a.value)) + Vector256.Sum(Vector256.WidenUpper(a.value));

        /// <summary>exp(p log a), exact enough because optimizers raise magnitudes; a negative base takes the general way, and its neighbours do not.</summary>
        private static Vector256Float32 PowOfPositive(Vector256Float32 a, float exponent)
        {
            var power = Vector256.Exp(Vector256.Create(exponent) * Vector256.Log(Vector256.Abs(a.value)));
            return Vector256.LessThanAny(a.value, Vector256<float>.Zero)
                ? new(Vector256.ConditionalSelect(Vector256.LessThan(a.value, Vector256<float>.Zero), Pow(a, Broadcast(exponent)).value, power))
                : new(power);
        }
    }
}
