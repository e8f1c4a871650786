using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>Brings the tensors that callers pass into the form in which the matrix stages work: contiguous, float32 or float64.</summary>
internal static class Arguments
{
    /// <summary>Requires a number of elements and a device.</summary>
    public static void Require(Tensor argument, long elements, Device device, string owner)
    {
        if (argument.NumberOfElements != elements)
            throw new ArgumentException($"{owner}: expected {elements} elements, got [{string.Join(", ", argument.shape)}].");
        if (argument.device_type != device.type)
            throw new InvalidOperationException($"{owner}: the tensor is on {argument.device}, the optimizer's state on {device}. Move the model before the optimizer is made, or move the optimizer's state with to().");
    }

    /// <summary>The argument itself if it is in the right form, else a copy of it in working memory.</summary>
    /// <param name="argument">What the caller passed.</param>
    /// <param name="dtype">The type that is wanted.</param>
    /// <param name="copy">Copies in any case: the result overwrites the argument.</param>
    /// <param name="slot">Which working memory.</param>
    public static Tensor Read(Tensor argument, ScalarType dtype, bool copy = false, Scratch.Slot slot = Scratch.Slot.Argument)
    {
        if (!copy && argument.dtype == dtype && argument.is_contiguous())
            return argument;
        var scratch = Scratch.Get(slot, argument.NumberOfElements, dtype, argument.device);
        using var view = Shaped(scratch, argument);
        view.copy_(argument);
        return scratch;
    }

    /// <summary>The target itself if results can be written into it, else working memory; <see cref="Deliver"/> then copies.</summary>
    public static Tensor Target(Tensor target, ScalarType dtype) =>
        target.dtype == dtype && target.is_contiguous() ? target : Scratch.Get(Scratch.Slot.Result, target.NumberOfElements, dtype, target.device);

    /// <summary>Copies a result into the target, unless it was computed there.</summary>
    public static void Deliver(Tensor result, Tensor target)
    {
        if (ReferenceEquals(result, target))
            return;
        using var view = Shaped(result, target);
        target.copy_(view);
    }

    private static Tensor Shaped(Tensor scratch, Tensor like)
    {
        using var flat = scratch.narrow(0, 0, like.NumberOfElements);
        return flat.view(like.shape);
    }
}
