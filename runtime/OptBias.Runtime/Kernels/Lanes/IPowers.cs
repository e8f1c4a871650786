namespace OptBias.Kernels;

/// <summary>
/// What lanes can raise to with one exponent for all of them. A loop with a call in it, even one that is never made, keeps its
/// vectors on the stack, where a 512-bit one mostly lies across two cache lines: two to ten times slower. So loops are compiled
/// without the call too, for the exponents that need none.
/// </summary>
internal interface IPowers
{
    /// <summary>Whether the exponents are 0, 1/2, 1 or 2.</summary>
    static abstract bool AreExact { get; }
}

/// <summary>0, 1/2, 1 and 2: products and roots, exact operations.</summary>
internal readonly struct ExactPowers : IPowers
{
    public static bool AreExact => true;

    /// <summary>Whether an exponent is one of them.</summary>
    public static bool Have(double exponent) => exponent is 0 or 0.5 or 1 or 2;
}

/// <summary>Any exponent.</summary>
internal readonly struct AnyPowers : IPowers
{
    public static bool AreExact => false;
}
