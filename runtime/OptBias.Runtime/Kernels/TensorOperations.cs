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

    /// <summary>Chooses by a condition that is the same for all elements.</summary>
    public static Tensor Select(bool condition, Scalar then, Tensor otherwise) => condition ? full_like(otherwise, then) : otherwise;

    /// <summary>Chooses by a condition that is the same for all elements.</summary>
    public static Tensor Select(bool condition, Tensor then, Scalar otherwise) => condition ? then : full_like(then, otherwise);

    /// <summary>Where both masks are set.</summary>
    public static Tensor And(Tensor a, Tensor b) => a.logical_and(b);

    /// <summary>Where both are set, one being the same for all elements.</summary>
    public static Tensor And(Tensor a, bool b) => b ? a : zeros_like(a);

    /// <summary>Where both are set, one being the same for all elements.</summary>
    public static Tensor And(bool a, Tensor b) => And(b, a);

    /// <summary>Where one of the masks is set.</summary>
    public static Tensor Or(Tensor a, Tensor b) => a.logical_or(b);

    /// <summary>Where one is set, one being the same for all elements.</summary>
    public static Tensor Or(Tensor a, bool b) => b ? ones_like(a) : a;

    /// <summary>Where one is set, one being the same for all elements.</summary>
    public static Tensor Or(bool a, Tensor b) => Or(b, a);

    /// <summary>Where the mask is not set.</summary>
    public static Tensor Not(Tensor mask) => mask.logical_not();

    /// <summary>A number to the power of each element.</summary>
    public static Tensor Pow(Scalar a, Tensor exponent) => full_like(exponent, a).pow(exponent);

    /// <summary>The magnitude of the one with the sign of the other.</summary>
    public static Tensor CopySign(TensorOrScalar a, TensorOrScalar sign) => a.As(sign).copysign(sign.As(a));

    /// <summary><c>a b + c</c>, rounded once. libtorch has no such operation; float32 goes through float64, which holds the product exactly; float64 itself rounds twice.</summary>
    public static Tensor FusedMultiplyAdd(TensorOrScalar a, TensorOrScalar b, TensorOrScalar c)
    {
        var like = a.IsTensor ? a : b.IsTensor ? b : c;
        var (x, y, z) = (a.As(like), b.As(like), c.As(like));
        return x.dtype == ScalarType.Float64
            ? (x * y) + z
            : ((x.to_type(ScalarType.Float64) * y.to_type(ScalarType.Float64)) + z.to_type(ScalarType.Float64)).to_type(x.dtype);
    }
}
