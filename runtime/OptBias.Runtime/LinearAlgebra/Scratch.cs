using OptBias.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>
/// Working memory of the matrix stages, one set for each thread, dtype and device: it grows to the largest parameter and is
/// then reused by all of them, step after step.
/// </summary>
internal static class Scratch
{
    [ThreadStatic]
    private static List<Entry>? entries;

    /// <summary>What a piece of working memory is for; two uses that overlap in time need two slots.</summary>
    public enum Slot
    {
        /// <summary>A contiguous copy of an argument in the dtype of the state.</summary>
        Argument,

        /// <summary>A result before it is copied to a target of another dtype or layout.</summary>
        Result,

        /// <summary>A contiguous copy of one block.</summary>
        Block,

        /// <summary>The result of one block.</summary>
        BlockResult,

        /// <summary>A block that the other dimensions' roots have whitened.</summary>
        Whitened,

        /// <summary>Something in float64 that is kept in float32.</summary>
        Wide,

        /// <summary>A block with its dimensions in another order.</summary>
        Unfolding,

        /// <summary>One of the two buffers between which a chain of products goes back and forth.</summary>
        Ping,

        /// <summary>The other one.</summary>
        Pong,
    }

    /// <summary>A one-dimensional tensor of at least <paramref name="elements"/> elements with arbitrary contents.</summary>
    public static Tensor Get(Slot slot, long elements, ScalarType dtype, Device device)
    {
        var list = entries ??= [];
        for (var i = 0; i < list.Count; i++)
        {
            var entry = list[i];
            if (entry.Slot != slot || entry.DType != dtype || entry.DeviceType != device.type || entry.DeviceIndex != device.index)
                continue;
            if (entry.Elements >= elements)
                return entry.Tensor;
            entry.Tensor.Dispose();
            list.RemoveAt(i);
            break;
        }

        using var noGradient = AutogradOff.Enter();
        var tensor = empty(Math.Max(1, elements), dtype, device).DetachFromDisposeScope();
        list.Add(new Entry(slot, dtype, device.type, device.index, elements, tensor));
        return tensor;
    }

    private readonly record struct Entry(Slot Slot, ScalarType DType, DeviceType DeviceType, int DeviceIndex, long Elements, Tensor Tensor);
}
