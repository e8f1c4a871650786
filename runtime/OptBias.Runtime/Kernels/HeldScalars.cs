using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Kernels;

/// <summary>Operations of tensors with numbers.</summary>
/// <remarks>
/// TorchSharp's own (<c>tensor.mul_(0.9)</c>, and <c>a + b</c>, which passes a 1) hand libtorch a scalar that nothing keeps
/// alive: where the garbage collector runs in between, its finalizer frees it while libtorch reads it. That gives a wrong number,
/// an exception, or the end of the process. Here scalars live until the operation has ended.
/// </remarks>
internal static class HeldScalars
{
    // Never collected, since a static field holds it.
    private static readonly Scalar One = 1.ToScalar();
    private static readonly Scalar Zero = 0.ToScalar();

    /// <summary><c>a + b</c>.</summary>
    public static Tensor Plus(this Tensor a, Tensor b) => a.add(b, One);

    /// <summary><c>a + s</c>; the caller holds the scalar.</summary>
    public static Tensor Plus(this Tensor a, Scalar s) => a.add(s, One);

    /// <summary><c>a ← a + s</c>.</summary>
    public static Tensor Plus_(this Tensor a, double s)
    {
        using var scalar = s.ToScalar();
        return a.add_(scalar, One);
    }

    /// <summary><c>a ← a + s b</c>.</summary>
    public static Tensor Plus_(this Tensor a, Tensor b, double s)
    {
        using var scalar = s.ToScalar();
        return a.add_(b, scalar);
    }

    /// <summary><c>s a</c>.</summary>
    public static Tensor Times(this Tensor a, double s)
    {
        using var scalar = s.ToScalar();
        return a.mul(scalar);
    }

    /// <summary><c>a ← s a</c>.</summary>
    public static Tensor Times_(this Tensor a, double s)
    {
        using var scalar = s.ToScalar();
        return a.mul_(scalar);
    }

    /// <summary><c>a &gt; 0</c>, element by element.</summary>
    public static Tensor IsPositive(this Tensor a) => a.gt(Zero);

    /// <summary><c>a²</c>, element by element.</summary>
    public static Tensor Squared(this Tensor a) => a.mul(a);

    /// <summary><c>aˢ</c>, element by element.</summary>
    public static Tensor ToPower(this Tensor a, double s)
    {
        using var scalar = s.ToScalar();
        return a.pow(scalar);
    }

    /// <summary>The larger of each element and s.</summary>
    public static Tensor AtLeast(this Tensor a, double s)
    {
        using var scalar = s.ToScalar();
        return a.clamp_min(scalar);
    }

    /// <summary>The smaller of each element and s.</summary>
    public static Tensor AtMost(this Tensor a, double s)
    {
        using var scalar = s.ToScalar();
        return a.clamp_max(scalar);
    }

    /// <summary><c>a ← 0</c> where <c>by ≤ limit</c>.</summary>
    public static Tensor ZeroWhereAtMost_(this Tensor a, Tensor by, Tensor limit)
    {
        using var zero = 0.ToScalar();
        using var mask = by.le(limit);
        return a.masked_fill_(mask, zero);
    }
}
