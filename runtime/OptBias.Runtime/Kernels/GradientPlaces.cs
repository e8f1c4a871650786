using OptBias.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Kernels;

/// <summary>
/// Finds out whether the gradients of a step share memory with each other: one tensor that was assigned to two parameters, or two views.
/// A pass that sets a gradient to zero as soon as it has used it would take it from the other parameter.
/// </summary>
/// <remarks>
/// Most gradients are where they were in the step before. So the order of their addresses is kept, and a step only walks along it: two
/// comparisons for each parameter. It is sorted anew where it no longer holds.
/// </remarks>
internal sealed class GradientPlaces
{
    private nint[] starts = [];
    private nint[] ends = [];
    private int[] order = [];
    private int count;
    private int ordered;

    public void Clear() => this.count = 0;

    /// <summary>Adds the gradient of a parameter whose fused kernels know where it is, and that it is contiguous.</summary>
    public void Add(nint start, nint bytes)
    {
        if (bytes == 0)
            return;
        if (this.count == this.starts.Length)
        {
            var room = Math.Max(16, 2 * this.count);
            Array.Resize(ref this.starts, room);
            Array.Resize(ref this.ends, room);
        }

        (this.starts[this.count], this.ends[this.count]) = (start, start + bytes);
        this.count++;
    }

    /// <summary>Adds a gradient from its first element to its last: what lies between counts as its own, whatever its strides are.</summary>
    public void Add(Tensor gradient)
    {
        if (gradient.NumberOfElements == 0 || gradient.is_sparse)
            return;
        var last = gradient.shape.Zip(gradient.stride(), static (size, stride) => (size - 1) * stride).Sum();
        this.Add(TorchNative.Data(gradient.Handle), (nint)((last + 1) * gradient.ElementSize));
    }

    /// <summary>Whether two of those that were added share memory, or may.</summary>
    public bool Share()
    {
        if (this.ordered == this.count && this.AreApart())
            return false;
        this.order = new int[this.count];
        for (var i = 0; i < this.count; i++)
            this.order[i] = i;
        Array.Sort(this.starts[..this.count], this.order);
        this.ordered = this.count;
        return !this.AreApart();
    }

    private bool AreApart()
    {
        for (var i = 1; i < this.count; i++)
        {
            if (this.starts[this.order[i]] < this.ends[this.order[i - 1]])
                return false;
        }

        return true;
    }
}
