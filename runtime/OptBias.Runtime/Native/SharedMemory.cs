using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Native;

/// <summary>Finds tensors that share elements in memory: an update in place would change such an element twice.</summary>
internal static class SharedMemory
{
    /// <summary>Whether two indices of one tensor are the same element, as after <c>expand</c>.</summary>
    public static bool HasSharedElements(Tensor tensor)
    {
        if (TorchNative.IsContiguous(tensor.Handle))
            return false;

        // From the smallest stride: where each is beyond all that the smaller ones reach, no two indices meet.
        var (shape, strides) = (tensor.shape, tensor.stride());
        var reached = 0L;
        foreach (var k in Enumerable.Range(0, shape.Length).Where(k => shape[k] > 1).OrderBy(k => strides[k]))
        {
            if (strides[k] <= reached)
                return Offsets(tensor).GroupBy(static offset => offset).Any(static same => same.Count() > 1);
            reached += (shape[k] - 1) * strides[k];
        }

        return false;
    }

    /// <summary>The first two of several tensors that share an element; null if none do.</summary>
    /// <remarks>By address: tensors whose ranges do not meet are not looked at further, and those whose ranges do are compared element by element.</remarks>
    public static (int First, int Second)? FindPair(IReadOnlyList<Tensor> tensors)
    {
        var places = tensors.Select(static (tensor, i) => PlaceOf(tensor, i)).Where(static place => place.End > place.Start)
            .OrderBy(static place => (place.Device, place.Start)).ToArray();
        (int First, int Second)? found = null;
        for (var i = 0; i < places.Length; i++)
        {
            for (var k = i + 1; k < places.Length && places[k].Device == places[i].Device && places[k].Start < places[i].End; k++)
            {
                var pair = (Math.Min(places[i].Index, places[k].Index), Math.Max(places[i].Index, places[k].Index));
                if ((found is not { } known || pair.CompareTo(known) < 0) && Meet(tensors[places[i].Index], places[i], tensors[places[k].Index], places[k]))
                    found = pair;
            }
        }

        return found;
    }

    private static bool Meet(Tensor a, in Place first, Tensor b, in Place second)
    {
        if (TorchNative.IsContiguous(a.Handle) && TorchNative.IsContiguous(b.Handle))
            return true;
        var (start, size) = (first.Start, a.ElementSize);
        var addresses = Offsets(a).Select(offset => start + (nint)(offset * size)).ToHashSet();
        (start, size) = (second.Start, b.ElementSize);
        return Offsets(b).Any(offset => addresses.Contains(start + (nint)(offset * size)));
    }

    private static Place PlaceOf(Tensor tensor, int index)
    {
        if (tensor.NumberOfElements == 0 || TorchNative.Data(tensor.Handle) is not (not 0 and var start))
            return default;
        var (shape, strides) = (tensor.shape, tensor.stride());
        var last = shape.Zip(strides, static (size, stride) => (size - 1) * stride).Sum();
        return new Place(index, ((int)tensor.device_type * 1024) + tensor.device_index, start, start + (nint)((last + 1) * tensor.ElementSize));
    }

    /// <summary>The place of each element behind the first, in elements.</summary>
    private static IEnumerable<long> Offsets(Tensor tensor)
    {
        var (shape, strides) = (tensor.shape, tensor.stride());
        for (var i = 0L; i < tensor.NumberOfElements; i++)
        {
            var (rest, offset) = (i, 0L);
            for (var k = shape.Length - 1; k >= 0; k--)
            {
                offset += rest % shape[k] * strides[k];
                rest /= shape[k];
            }

            yield return offset;
        }
    }

    private readonly record struct Place(int Index, int Device, nint Start, nint End);
}
