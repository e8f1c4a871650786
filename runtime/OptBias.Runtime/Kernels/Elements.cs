using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Kernels;

/// <summary>The elements of a tensor in generated code: arithmetic as on tensors, with every scalar held until libtorch has read it.</summary>
/// <param name="tensor">The tensor.</param>
/// <remarks><see cref="HeldScalars"/> says what goes wrong otherwise. Scalars that generated code passes in, it holds itself.</remarks>
public readonly struct Elements(Tensor tensor)
{
    /// <summary>The tensor.</summary>
    public Tensor Tensor => tensor;

    /// <summary>Sum.</summary>
    public static Elements operator +(Elements a, Elements b) => new(a.Tensor.Plus(b.Tensor));

    /// <summary>Sum with a number.</summary>
    public static Elements operator +(Elements a, Scalar b) => new(a.Tensor.Plus(b));

    /// <summary>Sum with a number.</summary>
    public static Elements operator +(Scalar a, Elements b) => new(b.Tensor.Plus(a));

    /// <summary>Difference.</summary>
    public static Elements operator -(Elements a, Elements b) => new(a.Tensor.sub(b.Tensor));

    /// <summary>Difference with a number.</summary>
    public static Elements operator -(Elements a, Scalar b) => new(a.Tensor.sub(b));

    /// <summary>Difference from a number.</summary>
    public static Elements operator -(Scalar a, Elements b) => new(b.Tensor.negative().Plus(a));

    /// <summary>Product, element by element.</summary>
    public static Elements operator *(Elements a, Elements b) => new(a.Tensor.mul(b.Tensor));

    /// <summary>Product with a number.</summary>
    public static Elements operator *(Elements a, Scalar b) => new(a.Tensor.mul(b));

    /// <summary>Product with a number.</summary>
    public static Elements operator *(Scalar a, Elements b) => new(b.Tensor.mul(a));

    /// <summary>Quotient, element by element.</summary>
    public static Elements operator /(Elements a, Elements b) => new(a.Tensor.div(b.Tensor));

    /// <summary>Quotient by a number.</summary>
    public static Elements operator /(Elements a, Scalar b) => new(a.Tensor.div(b));

    /// <summary>A number divided by each element.</summary>
    public static Elements operator /(Scalar a, Elements b) => new(b.Tensor.reciprocal().mul(a));

    /// <summary>With the other sign.</summary>
    public static Elements operator -(Elements a) => new(a.Tensor.neg());

    /// <summary>A copy in memory of its own.</summary>
    public Elements Clone() => new(tensor.clone());

    /// <summary>Square root.</summary>
    public Elements Sqrt() => new(tensor.sqrt());

    /// <summary>Magnitude.</summary>
    public Elements Abs() => new(tensor.abs());

    /// <summary>−1, 0 or 1.</summary>
    public Elements Sign() => new(tensor.sign());

    /// <summary>Exponential.</summary>
    public Elements Exp() => new(tensor.exp());

    /// <summary>Natural logarithm.</summary>
    public Elements Log() => new(tensor.log());

    /// <summary>Hyperbolic tangent.</summary>
    public Elements Tanh() => new(tensor.tanh());

    /// <summary>To the power of each exponent.</summary>
    public Elements Pow(Elements exponent) => new(tensor.pow(exponent.Tensor));

    /// <summary>To a power.</summary>
    public Elements Pow(Scalar exponent) => new(tensor.pow(exponent));
}
