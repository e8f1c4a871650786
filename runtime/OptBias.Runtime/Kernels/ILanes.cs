using System.Runtime.CompilerServices;

namespace OptBias.Kernels;

/// <summary>
/// A fixed number of floating-point values that generated loops compute with at once: one loop text serves every vector
/// width, the scalar tail, and every dtype.
/// </summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
/// <remarks>
/// Addresses are those of a tensor's first element, indices count elements. Workspaces have the type of the arithmetic;
/// parameter, gradient and state may be kept in a narrower one and are converted as they are read and written.
/// </remarks>
public interface ILanes<TSelf>
    where TSelf : unmanaged, ILanes<TSelf>
{
    /// <summary>How many values.</summary>
    static abstract int Count { get; }

    /// <summary>The same value in every lane, rounded to the type of the arithmetic.</summary>
    static abstract TSelf Broadcast(double value);

    /// <summary>Reads a workspace.</summary>
    static abstract TSelf Load(nint address, long index);

    /// <summary>Reads the parameter.</summary>
    static abstract TSelf LoadParameter(nint address, long index);

    /// <summary>Reads the gradient.</summary>
    static abstract TSelf LoadGradient(nint address, long index);

    /// <summary>Reads state.</summary>
    static abstract TSelf LoadState(nint address, long index);

    /// <summary>Writes a workspace.</summary>
    static abstract void Store(nint address, long index, TSelf value);

    /// <summary>Writes the parameter.</summary>
    static abstract void StoreParameter(nint address, long index, TSelf value);

    /// <summary>Writes state.</summary>
    static abstract void StoreState(nint address, long index, TSelf value);

    /// <summary>Sum, each lane for itself, as all operations here.</summary>
    static abstract TSelf operator +(TSelf a, TSelf b);

    /// <summary>Difference.</summary>
    static abstract TSelf operator -(TSelf a, TSelf b);

    /// <summary>Product.</summary>
    static abstract TSelf operator *(TSelf a, TSelf b);

    /// <summary>Quotient.</summary>
    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>Opposite.</summary>
    static abstract TSelf operator -(TSelf a);

    /// <summary><c>a b + c</c>, rounded once.</summary>
    static abstract TSelf FusedMultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>Square root, correctly rounded.</summary>
    static abstract TSelf Sqrt(TSelf a);

    /// <summary>Absolute value.</summary>
    static abstract TSelf Abs(TSelf a);

    /// <summary>−1, 0 or 1; 0 of NaN, as torch has it.</summary>
    static abstract TSelf Sign(TSelf a);

    /// <summary>The smaller; NaN if one is NaN.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>The larger; NaN if one is NaN.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>Power with an exponent for each lane.</summary>
    static abstract TSelf Pow(TSelf a, TSelf exponent);

    /// <summary>Power with one exponent for all lanes: 0, 1/2, 1 and 2 are exact operations.</summary>
    static abstract TSelf Pow(TSelf a, double exponent);

    /// <summary>e to the power of <paramref name="a"/>.</summary>
    static abstract TSelf Exp(TSelf a);

    /// <summary>Natural logarithm.</summary>
    static abstract TSelf Log(TSelf a);

    /// <summary>
    /// Hyperbolic tangent, <c>−t / (2 + t)</c> with <c>t = e^(−2|a|) − 1</c>. Near 0 the difference cancels; Kahan's
    /// <c>(u − 1) y / log u</c> with <c>u = e^y</c> takes the rounding of u out again. (The vector function of
    /// System.Numerics.Tensors is exact only beside 1: it has tanh 0 = −6e-8 in float32.)
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static virtual TSelf Tanh(TSelf a)
    {
        var one = TSelf.Broadcast(1);

        // At -80 the tangent is 1. Far below, the vector function of float64 calls the C library for all its lanes.
        var y = TSelf.Max(TSelf.Broadcast(-2) * TSelf.Abs(a), TSelf.Broadcast(-80));
        var u = TSelf.Exp(y);
        var difference = u - one;
        var t = TSelf.Select(
            TSelf.Less(u, TSelf.Broadcast(0.5)),
            difference,
            TSelf.Select(TSelf.Equal(u, one), y, difference * y / TSelf.Log(u)));
        return TSelf.CopySign(-t / (TSelf.Broadcast(2) + t), a);
    }

    /// <summary>The magnitude of <paramref name="a"/> with the sign of <paramref name="sign"/>.</summary>
    static abstract TSelf CopySign(TSelf a, TSelf sign);

    /// <summary>The nearest value between <paramref name="low"/> and <paramref name="high"/>; NaN if one of the three is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static virtual TSelf Clamp(TSelf a, TSelf low, TSelf high) => TSelf.Min(TSelf.Max(a, low), high);

    /// <summary>A mask of the lanes in which <c>a &lt; b</c>.</summary>
    static abstract TSelf Less(TSelf a, TSelf b);

    /// <summary>A mask of the lanes in which <c>a ≤ b</c>.</summary>
    static abstract TSelf LessOrEqual(TSelf a, TSelf b);

    /// <summary>A mask of the lanes in which <c>a = b</c>.</summary>
    static abstract TSelf Equal(TSelf a, TSelf b);

    /// <summary>Set where both masks are.</summary>
    static abstract TSelf And(TSelf a, TSelf b);

    /// <summary>Set where one of the masks is.</summary>
    static abstract TSelf Or(TSelf a, TSelf b);

    /// <summary>Set where the mask is not.</summary>
    static abstract TSelf Not(TSelf mask);

    /// <summary>From <paramref name="then"/> where the mask is set, else from <paramref name="otherwise"/>.</summary>
    static abstract TSelf Select(TSelf mask, TSelf then, TSelf otherwise);

    /// <summary>The sum over the lanes.</summary>
    static abstract double Sum(TSelf a);
}
