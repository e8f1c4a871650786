namespace OptBias.Kernels;

/// <summary>
/// A fixed number of floating-point values that generated loops compute with at once: one loop text serves every vector
/// width, the scalar tail, and every dtype.
/// </summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
/// <remarks>
/// Addresses are those of a tensor's first element, indices count elements. State is kept in the type of the arithmetic;
/// parameter and gradient may be kept in a narrower one and are converted as they are read and written.
/// </remarks>
public interface ILanes<TSelf>
    where TSelf : unmanaged, ILanes<TSelf>
{
    /// <summary>How many values.</summary>
    static abstract int Count { get; }

    /// <summary>The same value in every lane, rounded to the type of the arithmetic.</summary>
    static abstract TSelf Broadcast(double value);

    /// <summary>Reads state.</summary>
    static abstract TSelf Load(nint address, long index);

    /// <summary>Reads the parameter.</summary>
    static abstract TSelf LoadParameter(nint address, long index);

    /// <summary>Reads the gradient.</summary>
    static abstract TSelf LoadGradient(nint address, long index);

    /// <summary>Writes state.</summary>
    static abstract void Store(nint address, long index, TSelf value);

    /// <summary>Writes the parameter.</summary>
    static abstract void StoreParameter(nint address, long index, TSelf value);

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

    /// <summary>A mask of the lanes in which <c>a &lt; b</c>.</summary>
    static abstract TSelf Less(TSelf a, TSelf b);

    /// <summary>A mask of the lanes in which <c>a ≤ b</c>.</summary>
    static abstract TSelf LessOrEqual(TSelf a, TSelf b);

    /// <summary>A mask of the lanes in which <c>a = b</c>.</summary>
    static abstract TSelf Equal(TSelf a, TSelf b);

    /// <summary>From <paramref name="then"/> where the mask is set, else from <paramref name="otherwise"/>.</summary>
    static abstract TSelf Select(TSelf mask, TSelf then, TSelf otherwise);

    /// <summary>The sum over the lanes.</summary>
    static abstract double Sum(TSelf a);
}
