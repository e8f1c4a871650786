using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Data;

/// <summary>Images and labels in memory, ready for a network. Read by many threads at once and never written. For text: windows of bytes, and the bytes that follow each.</summary>
public sealed class ExampleSet : IDisposable
{
    /// <summary>Takes ownership of both tensors.</summary>
    /// <param name="images">float32 [n, channels, rows, columns], pixels in [0, 1].</param>
    /// <param name="labels">int64 [n], classes counted from 0.</param>
    public ExampleSet(Tensor images, Tensor labels)
    {
        this.Images = images.DetachFromDisposeScope();
        this.Labels = labels.DetachFromDisposeScope();
    }

    /// <summary>float32 [n, channels, rows, columns], pixels in [0, 1].</summary>
    public Tensor Images { get; }

    /// <summary>int64 [n], classes counted from 0.</summary>
    public Tensor Labels { get; }

    /// <summary>Number of examples.</summary>
    public int Count => (int)this.Labels.shape[0];

    /// <summary>The examples of <paramref name="raw"/> at <paramref name="indices"/>, in that order.</summary>
    public static ExampleSet Of(RawImages raw, ReadOnlySpan<long> indices)
    {
        // Bytes until the last moment: four times less than floats, and a large set has to be copied here.
        var (pixels, labels) = (new byte[(long)indices.Length * raw.Size], new long[indices.Length]);
        for (var i = 0; i < indices.Length; i++)
        {
            labels[i] = raw.Labels[indices[i]];
            raw.Images.AsSpan(checked((int)(indices[i] * raw.Size)), raw.Size).CopyTo(pixels.AsSpan(i * raw.Size));
        }

        using var bytes = tensor(pixels, [indices.Length, raw.Channels, raw.Rows, raw.Columns], dtype: ScalarType.Byte);
        using var brightness = tensor(255f);
        return new(bytes.to(ScalarType.Float32).div_(brightness), tensor(labels));
    }

    /// <summary>Where both are.</summary>
    public Device Device => this.Labels.device;

    /// <summary>The same examples on a device. The caller owns the result.</summary>
    public ExampleSet To(Device device) => new(this.Images.to(device, copy: true), this.Labels.to(device, copy: true));

    /// <summary>The first <paramref name="count"/> examples, in the same memory. The caller owns the result.</summary>
    public ExampleSet First(int count) => new(this.Images.narrow(0, 0, count), this.Labels.narrow(0, 0, count));

    /// <inheritdoc />
    public void Dispose()
    {
        this.Images.Dispose();
        this.Labels.Dispose();
    }
}
