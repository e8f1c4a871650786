using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Kernels;

/// <summary>Operations that TorchSharp spells differently for tensors and scalars; generated code need not care.</summary>
public static class TensorOperations
{
    /// <summary>The smaller of each pair; NaN if one is NaN.</summary>
    public static Tensor Min(Tensor a, Tensor b) => minimum(a, b);

    /// <summary>The smaller of each element and a scalar.</summary>
    public static Tensor Min(Tensor a, Scalar b) => a.clamp_max(b);

    /// <summary>The smaller of each element and a scalar.</summary>
    public static Tensor Min(Scalar a, Tensor b) => b.clamp_max(a);

    /// <summary>The larger of each pair; NaN if one is NaN.</summary>
    public static Tensor Max(Tensor a, Tensor b) => maximum(a, b);

    /// <summary>The larger of each element and a scalar.</summary>
    public static Tensor Max(Tensor a, Scalar b) => a.clamp_min(b);

    /// <summary>The larger of each element and a scalar.</summary>
    public static Tensor Max(Scalar a, Tensor b) => b.clamp_min(a);

    /// <summary>A mask of the elements where <c>a &lt; b</c>.</summary>
    public static Tensor Less(Tensor a, Tensor b) => a.lt(b);

    /// <summary>A mask of the elements where <c>a &lt; b</c>.</summary>
    public static Tensor Less(Tensor a, Scalar b) => a.lt(b);

    /// <summary>A mask of the elements where <c>a &lt; b</c>.</summary>
    public static Tensor Less(Scalar a, Tensor b) => b.gt(a);

    /// <summary>A mask of the elements where <c>a ≤ b</c>.</summary>
    public static Tensor LessOrEqual(Tensor a, Tensor b) => a.le(b);

    /// <summary>A mask of the elements where <c>a ≤ b</c>.</summary>
    public static Tensor LessOrEqual(Tensor a, Scalar b) => a.le(b);

    /// <summary>A mask of the elements where <c>a ≤ b</c>.</summary>
    public static Tensor LessOrEqual(Scalar a, Tensor b) => b.ge(a);

    /// <summary>A mask of the elements where <c>a = b</c>.</summary>
    public static Tensor Equal(Tensor a, Tensor b) => a.eq(b);

    /// <summary>A mask of the elements where <c>a = b</c>.</summary>
    public static Tensor Equal(Tensor a, Scalar b) => a.eq(b);

    /// <summary>A mask of the elements where <c>a = b</c>.</summary>
    public static Tensor Equal(Scalar a, Tensor b) => b.eq(a);

    /// <summary>Chooses by a condition that is the same for all elements.</summary>
    public static Tensor Select(bool condition, Tensor then, Tensor otherwise) => condition ? then : otherwise;

    /// <summary>Chooses by a mask.</summary>
    public static Tensor Select(Tensor mask, Tensor then, Tensor otherwise) => where(mask, then, otherwise);

    /// <summary>Chooses by a mask.</summary>
    public static Tensor Select(Tensor mask, Scalar then, Tensor otherwise) => otherwise.masked_fill(mask, then);

    /// <summary>Chooses by a mask.</summary>
    public static Tensor Select(Tensor mask, Tensor then, Scalar otherwise) => then.masked_fill(mask.logical_not(), otherwise);

    /// <summary>Chooses by a mask.</summary>
    public static Tensor Select(Tensor mask, Scalar then, Scalar otherwise)
    {
        // A mask of two numbers: otherwise + mask (then − otherwise) would round; filling does not.
        var result = full_like(mask, otherwise, dtype: ScalarType.Float64);
        return result.masked_fill_(mask, then);
    }

    /// <summary><c>a b + c</c>, rounded once. libtorch has no such operation; float32 goes through float64, which holds the product exactly; float64 itself rounds twice.</summary>
    public static Tensor FusedMultiplyAdd(Tensor a, Tensor b, Tensor c) => a.dtype == ScalarType.Float64
        ? (a * b) + c
        : ((a.to_type(ScalarType.Float64) * b.to_type(ScalarType.Float64)) + c.to_type(ScalarType.Float64)).to_type(a.dtype);
}
