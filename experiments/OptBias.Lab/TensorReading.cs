using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab;

/// <summary>Reads tensors of one element.</summary>
/// <remarks>
/// TorchSharp's own conversions (<c>tensor.ToSingle()</c>) hand the native side a scalar that nothing keeps alive: when the garbage
/// collector runs in between, its finalizer frees it first, and libtorch ends the process. Seen after some ten thousand steps on two
/// threads. Here the scalar lives until its number is read.
/// </remarks>
public static class TensorReading
{
    /// <summary>The number in a tensor of one element, of any dtype.</summary>
    public static double Number(this Tensor tensor)
    {
        using var scalar = tensor.ToScalar();
        return scalar.ToDouble();
    }

    /// <summary>The truth value in a tensor of one element.</summary>
    public static bool Truth(this Tensor tensor)
    {
        using var scalar = tensor.ToScalar();
        return scalar.ToBoolean();
    }

    /// <summary>The whole number in a tensor of one element.</summary>
    public static long Count(this Tensor tensor)
    {
        using var scalar = tensor.ToScalar();
        return scalar.ToInt64();
    }
}
