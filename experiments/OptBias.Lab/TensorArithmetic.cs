using OptBias.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab;

/// <summary>What the laboratory does with a tensor and a number beyond <see cref="HeldScalars"/>, which says why the number has to be held.</summary>
internal static class TensorArithmetic
{
    /// <summary><c>a / s</c>.</summary>
    public static Tensor Over(this Tensor a, double s)
    {
        using var scalar = s.ToScalar();
        return a.div(scalar);
    }

    /// <summary><c>a ← a / s</c>.</summary>
    public static Tensor Over_(this Tensor a, double s)
    {
        using var scalar = s.ToScalar();
        return a.div_(scalar);
    }

    /// <summary><c>s − a</c>.</summary>
    public static Tensor SubtractedFrom(this Tensor a, double s) => a.negative().Plus_(s);

    /// <summary>⌊a / s⌋ of whole numbers.</summary>
    public static Tensor OverWhole(this Tensor a, long s)
    {
        using var scalar = s.ToScalar();
        return a.div(scalar, RoundingMode.floor);
    }

    /// <summary>Where <c>a &gt; s</c>.</summary>
    public static Tensor IsAbove(this Tensor a, double s)
    {
        using var scalar = s.ToScalar();
        return a.gt(scalar);
    }

    /// <summary>Where <c>a ≤ s</c>.</summary>
    public static Tensor IsAtMost(this Tensor a, double s)
    {
        using var scalar = s.ToScalar();
        return a.le(scalar);
    }

    /// <summary>Where the whole numbers are s.</summary>
    public static Tensor Is(this Tensor a, long s)
    {
        using var scalar = s.ToScalar();
        return a.eq(scalar);
    }

    /// <summary>Sets all elements to s.</summary>
    public static void Fill(this Tensor a, double s)
    {
        using var scalar = s.ToScalar();
        a.fill_(scalar);
    }

    /// <summary>Sets the elements of those indices to s, along a dimension.</summary>
    public static void Fill(this Tensor a, long dimension, Tensor indices, double s)
    {
        using var scalar = s.ToScalar();
        a.index_fill_(dimension, indices, scalar);
    }
}
