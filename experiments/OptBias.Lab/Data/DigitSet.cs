using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Data;

/// <summary>Images and labels in memory, ready for a network. Read by many threads at once and never written. For text: windows of bytes, and the bytes that follow each.</summary>
public sealed class DigitSet : IDisposable
{
    /// <summary>Takes ownership of both tensors.</summary>
    /// <param name="images">float32 [n, 1, 28, 28], pixels in [0, 1].</param>
    /// <param name="labels">int64 [n], classes 0 to 9.</param>
    public DigitSet(Tensor images, Tensor labels)
    {
        this.Images = images.DetachFromDisposeScope();
        this.Labels = labels.DetachFromDisposeScope();
    }

    /// <summary>float32 [n, 1, 28, 28], pixels in [0, 1].</summary>
    public Tensor Images { get; }

    /// <summary>int64 [n], classes 0 to 9.</summary>
    public Tensor Labels { get; }

    /// <summary>Number of examples.</summary>
    public int Count => (int)this.Labels.shape[0];

    /// <summary>The examples of <paramref name="raw"/> at <paramref name="indices"/>, in that order.</summary>
    public static DigitSet Of(RawDigits raw, ReadOnlySpan<long> indices)
    {
        var area = raw.Rows * raw.Columns;
        var (pixels, labels) = (new float[indices.Length * area], new long[indices.Length]);
        for (var i = 0; i < indices.Length; i++)
        {
            labels[i] = raw.Labels[indices[i]];
            var image = raw.Images.AsSpan((int)indices[i] * area, area);
            for (var p = 0; p < area; p++)
                pixels[(i * area) + p] = image[p] / 255f;
        }

        return new(tensor(pixels, [indices.Length, 1, raw.Rows, raw.Columns]), tensor(labels));
    }

    /// <summary>Where both are.</summary>
    public Device Device => this.Labels.device;

    /// <summary>The same examples on a device. The caller owns the result.</summary>
    public DigitSet To(Device device) => new(this.Images.to(device, copy: true), this.Labels.to(device, copy: true));

    /// <summary>The first <paramref name="count"/> examples, in the same memory. The caller owns the result.</summary>
    public DigitSet First(int count) => new(this.Images.narrow(0, 0, count), this.Labels.narrow(0, 0, count));

    /// <inheritdoc />
    public void Dispose()
    {
        this.Images.Dispose();
        this.Labels.Dispose();
    }
}
