using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptBias.Kernels;

internal static partial class Float32Lanes<TParameter, TGradient, TState, TPowers>
{
    /// <summary>One value of float32: the tail of a loop, and machines without vectors.</summary>
    internal readonly unsafe struct ScalarFloat32(float value) : ILanes<ScalarFloat32>
    {
        private static float AllBits => BitConverter.UInt32BitsToSingle(uint.MaxValue);

        private readonly float value = value;

        public static int Count => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 Broadcast(double value) => new((float)value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 Load(nint address, long index) => new(((float*)address)[index]);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 LoadParameter(nint address, long index) => new(TParameter.Load(address, index));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 LoadGradient(nint address, long index) => new(TGradient.Load(address, index));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 LoadState(nint address, long index) => new(TState.Load(address, index));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(nint address, long index, ScalarFloat32 value) => ((float*)address)[index] = value.value;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void StoreParameter(nint address, long index, ScalarFloat32 value) => TParameter.Store(address, index, value.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void StoreState(nint address, long index, ScalarFloat32 value) => TState.Store(address, index, value.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 operator +(ScalarFloat32 a, ScalarFloat32 b) => new(a.value + b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 operator -(ScalarFloat32 a, ScalarFloat32 b) => new(a.value - b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 operator *(ScalarFloat32 a, ScalarFloat32 b) => new(a.value * b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 operator /(ScalarFloat32 a, ScalarFloat32 b) => new(a.value / b.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 operator -(ScalarFloat32 a) => new(-a.value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 FusedMultiplyAdd(ScalarFloat32 a, ScalarFloat32 b, ScalarFloat32 c) => new(float.FusedMultiplyAdd(a.value, b.value, c.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 Sqrt(ScalarFloat32 a) => new(float.Sqrt(a.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 Abs(ScalarFloat32 a) => new(float.Abs(a.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 Sign(ScalarFloat32 a) => new(a.value > 0 ? 1 : a.value < 0 ? -1 : 0);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 Min(ScalarFloat32 a, ScalarFloat32 b) => new(float.Min(a.value, b.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 Max(ScalarFloat32 a, ScalarFloat32 b) => new(float.Max(a.value, b.value));

        public static ScalarFloat32 Pow(ScalarFloat32 a, ScalarFloat32 exponent)
        {
            // A whole vector: a shorter span is computed by the C library, whose last bit is another one than that of a vector.
            Span<float> powers = stackalloc float[Vector128<float>.Count];
            Span<float> exponents = stackalloc float[Vector128<float>.Count];
            powers.Fill(a.value);
            exponents.Fill(exponent.value);
            TensorPrimitives.Pow(powers, exponents, powers);
            return new(powers[0]);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 Pow(ScalarFloat32 a, double exponent) => exponent switch
        {
            0.5 => Sqrt(a),
            1 => a,
            2 => a * a,
            _ => TPowers.AreExact || exponent == 0 ? Broadcast(1) : PowOfPositive(a, (float)exponent),
        };

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 Exp(ScalarFloat32 a) => new(Vector128.Exp(Vector128.Create(a.value)).ToScalar());

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 Log(ScalarFloat32 a) => new(Vector128.Log(Vector128.Create(a.value)).ToScalar());

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 CopySign(ScalarFloat32 a, ScalarFloat32 sign) => new(float.CopySign(a.value, sign.value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 Less(ScalarFloat32 a, ScalarFloat32 b) => new(a.value < b.value ? AllBits : 0);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 LessOrEqual(ScalarFloat32 a, ScalarFloat32 b) => new(a.value <= b.value ? AllBits : 0);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 Equal(ScalarFloat32 a, ScalarFloat32 b) => new(a.value == b.value ? AllBits : 0);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 And(ScalarFloat32 a, ScalarFloat32 b) =>
            new(BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(a.value) & BitConverter.SingleToUInt32Bits(b.value)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 Or(ScalarFloat32 a, ScalarFloat32 b) =>
            new(BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(a.value) | BitConverter.SingleToUInt32Bits(b.value)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 Not(ScalarFloat32 mask) => new(BitConverter.SingleToUInt32Bits(mask.value) != 0 ? 0 : AllBits);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScalarFloat32 Select(ScalarFloat32 mask, ScalarFloat32 then, ScalarFloat32 otherwise) =>
            BitConverter.SingleToUInt32Bits(mask.value) != 0 ? then : otherwise;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static double Sum(ScalarFloat32 a) => a.value;

        /// <summary>As the vectors have it, so that an element's number does not depend on where in the tensor it lies.</summary>
        private static ScalarFloat32 PowOfPositive(ScalarFloat32 a, float exponent) => a.value < 0
            ? Pow(a, Broadcast(exponent))
            : new(Vector128.Exp(Vector128.Create(exponent) * Vector128.Log(Vector128.Create(a.value))).ToScalar());
    }
}
