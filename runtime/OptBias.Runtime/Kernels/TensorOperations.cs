using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Kernels;

/// <summary>Operations that TorchSharp spells differently for tensors and scalars; generated code need not care.</summary>
public static class TensorOperations
{
    /// <summary>The smaller of each pair; NaN if one is NaN.</summary>
    public static Elements Min(Elements a, Elements b) => new(minimum(a.Tensor, b.Tensor));

    /// <summary>The smaller of each element and a scalar.</summary>
    public static Elements Min(Elements a, Scalar b) => new(a.Tensor.clamp_max(b));

    /// <summary>The smaller of each element and a scalar.</summary>
    public static Elements Min(Scalar a, Elements b) => new(b.Tensor.clamp_max(a));

    /// <summary>The larger of each pair; NaN if one is NaN.</summary>
    public static Elements Max(Elements a, Elements b) => new(maximum(a.Tensor, b.Tensor));

    /// <summary>The larger of each element and a scalar.</summary>
    public static Elements Max(Elements a, Scalar b) => new(a.Tensor.clamp_min(b));

    /// <summary>The larger of each element and a scalar.</summary>
    public static Elements Max(Scalar a, Elements b) => new(b.Tensor.clamp_min(a));

    /// <summary>A mask of the elements where <c>a &lt; b</c>.</summary>
    public static Elements Less(Elements a, Elements b) => new(a.Tensor.lt(b.Tensor));

    /// <summary>A mask of the elements where <c>a &lt; b</c>.</summary>
    public static Elements Less(Elements a, Scalar b) => new(a.Tensor.lt(b));

    /// <summary>A mask of the elements where <c>a &lt; b</c>.</summary>
    public static Elements Less(Scalar a, Elements b) => new(b.Tensor.gt(a));

    /// <summary>A mask of the elements where <c>a ≤ b</c>.</summary>
    public static Elements LessOrEqual(Elements a, Elements b) => new(a.Tensor.le(b.Tensor));

    /// <summary>A mask of the elements where <c>a ≤ b</c>.</summary>
    public static Elements LessOrEqual(Elements a, Scalar b) => new(a.Tensor.le(b));

    /// <summary>A mask of the elements where <c>a ≤ b</c>.</summary>
    public static Elements LessOrEqual(Scalar a, Elements b) => new(b.Tensor.ge(a));

    /// <summary>A mask of the elements where <c>a = b</c>.</summary>
    public static Elements Equal(Elements a, Elements b) => new(a.Tensor.eq(b.Tensor));

    /// <summary>A mask of the elements where <c>a = b</c>.</summary>
    public static Elements Equal(Elements a, Scalar b) => new(a.Tensor.eq(b));

    /// <summary>A mask of the elements where <c>a = b</c>.</summary>
    public static Elements Equal(Scalar a, Elements b) => new(b.Tensor.eq(a));

    /// <summary>Chooses by a condition that is the same for all elements.</summary>
    public static Elements Select(bool condition, Elements then, Elements otherwise) => condition ? then : otherwise;

    /// <summary>Chooses by a mask.</summary>
    public static Elements Select(Elements mask, Elements then, Elements otherwise) => new(where(mask.Tensor, then.Tensor, otherwise.Tensor));

    /// <summary>Chooses by a mask.</summary>
    public static Elements Select(Elements mask, Scalar then, Elements otherwise) => new(otherwise.Tensor.masked_fill(mask.Tensor, then));

    /// <summary>Chooses by a mask.</summary>
    public static Elements Select(Elements mask, Elements then, Scalar otherwise) => new(then.Tensor.masked_fill(mask.Tensor.logical_not(), otherwise));

    /// <summary>Chooses by a mask.</summary>
    public static Elements Select(Elements mask, Scalar then, Scalar otherwise)
    {
        // A mask of two numbers: otherwise + mask (then − otherwise) would round; filling does not.
        var result = full_like(mask.Tensor, otherwise, dtype: ScalarType.Float64);
        return new(result.masked_fill_(mask.Tensor, then));
    }

    /// <summary>Chooses by a condition that is the same for all elements.</summary>
    public static Elements Select(bool condition, Scalar then, Elements otherwise) => condition ? new(full_like(otherwise.Tensor, then)) : otherwise;

    /// <summary>Chooses by a condition that is the same for all elements.</summary>
    public static Elements Select(bool condition, Elements then, Scalar otherwise) => condition ? then : new(full_like(then.Tensor, otherwise));

    /// <summary>Where both masks are set.</summary>
    public static Elements And(Elements a, Elements b) => new(a.Tensor.logical_and(b.Tensor));

    /// <summary>Where both are set, one being the same for all elements.</summary>
    public static Elements And(Elements a, bool b) => b ? a : new(zeros_like(a.Tensor));

    /// <summary>Where both are set, one being the same for all elements.</summary>
    public static Elements And(bool a, Elements b) => And(b, a);

    /// <summary>Where one of the masks is set.</summary>
    public static Elements Or(Elements a, Elements b) => new(a.Tensor.logical_or(b.Tensor));

    /// <summary>Where one is set, one being the same for all elements.</summary>
    public static Elements Or(Elements a, bool b) => b ? new(ones_like(a.Tensor)) : a;

    /// <summary>Where one is set, one being the same for all elements.</summary>
    public static Elements Or(bool a, Elements b) => Or(b, a);

    /// <summary>Where the mask is not set.</summary>
    public static Elements Not(Elements mask) => new(mask.Tensor.logical_not());

    /// <summary>A number to the power of each element.</summary>
    public static Elements Pow(Scalar a, Elements exponent) => new(full_like(exponent.Tensor, a).pow(exponent.Tensor));

    /// <summary>The magnitude of the one with the sign of the other.</summary>
    public static Elements CopySign(TensorOrScalar a, TensorOrScalar sign) => new(a.As(sign).copysign(sign.As(a)));

    /// <summary><c>a b + c</c>, rounded once. libtorch has no such operation; float32 goes through float64, which holds the product exactly; float64 itself rounds twice.</summary>
    public static Elements FusedMultiplyAdd(TensorOrScalar a, TensorOrScalar b, TensorOrScalar c)
    {
        var like = a.IsTensor ? a : b.IsTensor ? b : c;
        var (x, y, z) = (a.As(like), b.As(like), c.As(like));
        return new(x.dtype == ScalarType.Float64
            ? (x * y).Plus(z)
            : (x.to_type(ScalarType.Float64) * y.to_type(ScalarType.Float64)).Plus(z.to_type(ScalarType.Float64)).to_type(x.dtype));
    }
}
