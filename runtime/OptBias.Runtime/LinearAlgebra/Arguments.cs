using OptBias.Kernels;
using TorchSharp;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace OptBias.LinearAlgebra;

/// <summary>Brings the tensors that callers pass into the form in which the matrix stages work: contiguous, float32 or float64.</summary>
internal static class Arguments
{
    /// <summary>The dtype in which a parameter's matrix state is kept: float64 for float64, float32 for all others.</summary>
    public static ScalarType StateType(ScalarType parameterType) => parameterType == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;

    /// <summary>The argument itself if it is in the right form, else a copy of it in working memory.</summary>
    /// <param name="argument">What the caller passed.</param>
    /// <param name="elements">How many elements it must have.</param>
    /// <param name="dtype">The dtype of the state.</param>
    /// <param name="device">The device of the state.</param>
    /// <param name="owner">Who asks, for messages.</param>
    /// <param name="copy">Copies in any case: the result overwrites the argument.</param>
    /// <param name="slot">Which working memory.</param>
    public static Tensor Read(Tensor argument, long elements, ScalarType dtype, Device device, string owner, bool copy = false, Scratch.Slot slot = Scratch.Slot.Argument)
    {
        Require(argument, elements, device, owner);
        if (!copy && argument.dtype == dtype && argument.is_contiguous())
            return argument;
        var scratch = Scratch.Get(slot, elements, dtype, device);
        using var view = Shaped(scratch, argument);
        view.copy_(argument);
        return scratch;
    }

    /// <summary>The target itself if results can be written into it, else working memory; <see cref="Deliver"/> then copies.</summary>
    public static Tensor Target(Tensor target, long elements, ScalarType dtype, Device device, string owner)
    {
        Require(target, elements, device, owner);
        return target.dtype == dtype && target.is_contiguous() ? target : Scratch.Get(Scratch.Slot.Result, elements, dtype, device);
    }

    /// <summary>Copies a result into the target, unless it was computed there.</summary>
    public static void Deliver(Tensor result, Tensor target)
    {
        if (ReferenceEquals(result, target))
            return;
        using var view = Shaped(result, target);
        target.copy_(view);
    }

    /// <summary>Whether the sum of the squares of a contiguous tensor's first elements is finite: then none is NaN or infinite, and no Gram matrix of them overflows.</summary>
    public static unsafe bool HasFiniteSquares(Tensor tensor, long elements)
    {
        if (NativeBlas.HasPointers && !DeviceReads.Waits(tensor))
        {
            var data = NativeBlas.Data(tensor);
            return tensor.dtype == ScalarType.Float64 ? IsFinite((double*)data, elements) : IsFinite((float*)data, elements);
        }

        using var scope = NewDisposeScope();
        return double.IsFinite(DeviceReads.Number(tensor.flatten().narrow(0, 0, elements).Squared().sum()));
    }

    /// <summary>Whether the diagonal is finite. For a sum of Gram matrices the rest then is: no entry is larger than the largest of the diagonal.</summary>
    public static bool HasFiniteDiagonal(Tensor square)
    {
        using var scope = NewDisposeScope();
        return double.IsFinite(DeviceReads.Number(square.diagonal().sum(ScalarType.Float64)));
    }

    /// <summary>Whether all entries are finite.</summary>
    public static bool IsFinite(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return double.IsFinite(DeviceReads.Number(tensor.sum(ScalarType.Float64)));
    }

    private static unsafe bool IsFinite<T>(T* data, long elements)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        const int Chunk = 1 << 28;
        var sum = T.Zero;
        for (var start = 0L; start < elements; start += Chunk)
            sum += TensorPrimitives.SumOfSquares(new ReadOnlySpan<T>(data + start, (int)Math.Min(Chunk, elements - start)));
        return T.IsFinite(sum);
    }

    /// <summary>Whether a tensor's memory can be worked on as it is.</summary>
    public static bool IsDirect(Tensor tensor, ScalarType dtype) =>
        NativeBlas.IsAvailable && tensor.dtype == dtype && !DeviceReads.Waits(tensor) && tensor.is_contiguous();

    /// <summary>The sum of the squares of all entries, in float64: not finite if an entry is not, or if the sum overflows.</summary>
    public static unsafe double SumOfSquares(Tensor tensor)
    {
        if (NativeBlas.HasPointers && !DeviceReads.Waits(tensor) && tensor.dtype is ScalarType.Float32 or ScalarType.Float64 && tensor.is_contiguous())
        {
            var (data, elements) = (NativeBlas.Data(tensor), tensor.NumberOfElements);
            return tensor.dtype == ScalarType.Float64 ? SumOfSquares((double*)data, elements) : SumOfSquares((float*)data, elements);
        }

        using var squares = Squares(tensor, ScalarType.Float64);
        return DeviceReads.Number(squares);
    }

    /// <summary>The sum of the squares of all entries in some type, where the tensor is. It belongs to the caller.</summary>
    public static Tensor Squares(Tensor tensor, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        return tensor.to(dtype).Squared().sum().MoveToOuterDisposeScope();
    }

    /// <summary>Requires a number of elements and a device.</summary>
    public static void Require(Tensor argument, long elements, Device device, string owner)
    {
        if (argument.NumberOfElements != elements)
            throw new ArgumentException($"{owner}: expected {elements} elements, got [{string.Join(", ", argument.shape)}].");
        if (argument.device_type != device.type)
            throw new InvalidOperationException($"{owner}: the tensor is on {argument.device}, the optimizer's state on {device}. Move the model before the optimizer is made, or move the optimizer's state with to().");
    }

    private static unsafe double SumOfSquares<T>(T* data, long elements)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        const int Chunk = 1 << 14;
        var sum = 0.0;
        for (var start = 0L; start < elements; start += Chunk)
        {
            var span = new ReadOnlySpan<T>(data + start, (int)Math.Min(Chunk, elements - start));
            var squares = double.CreateTruncating(TensorPrimitives.SumOfSquares(span));
            if (!double.IsFinite(squares))
            {
                // The squares of large float32 numbers fit into float64.
                squares = 0;
                foreach (var value in span)
                    squares += double.CreateTruncating(value) * double.CreateTruncating(value);
            }

            sum += squares;
        }

        return sum;
    }

    private static Tensor Shaped(Tensor scratch, Tensor like)
    {
        using var flat = scratch.narrow(0, 0, like.NumberOfElements);
        return flat.view(like.shape);
    }
}
