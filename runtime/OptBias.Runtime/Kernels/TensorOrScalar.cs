using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Kernels;

/// <summary>An operand that may be a tensor or a number: operations of several operands need one text for all mixtures.</summary>
public readonly struct TensorOrScalar
{
    private readonly Tensor? tensor;
    private readonly Scalar? scalar;

    private TensorOrScalar(Tensor? tensor, Scalar? scalar)
    {
        this.tensor = tensor;
        this.scalar = scalar;
    }

    internal bool IsTensor => this.tensor is not null;

    /// <summary>A tensor as operand.</summary>
    public static implicit operator TensorOrScalar(Elements elements) => new(elements.Tensor, null);

    /// <summary>A number as operand.</summary>
    public static implicit operator TensorOrScalar(Scalar scalar) => new(null, scalar);

    /// <summary>As a tensor: its own, or the number in the shape of the other operand.</summary>
    internal Tensor As(TensorOrScalar other) => this.tensor ?? full_like(other.tensor!, this.scalar!);
}
