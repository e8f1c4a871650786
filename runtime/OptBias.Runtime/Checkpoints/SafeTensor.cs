using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace OptBias;

/// <summary>One named tensor of a safetensors file: plain memory of the process, row-major, little-endian.</summary>
public sealed class SafeTensor
{
    private readonly long[] shape;
    private readonly byte[] data;

    /// <summary>Wraps raw data without copying it.</summary>
    /// <param name="name">The name, unique within a file.</param>
    /// <param name="type">The element type.</param>
    /// <param name="shape">The sizes, each at least 0; empty for a scalar.</param>
    /// <param name="data">The elements, row-major, little-endian.</param>
    /// <exception cref="ArgumentException">The name is reserved, a size is negative, or the data has another length than shape and type ask for.</exception>
    public SafeTensor(string name, SafeTensorType type, IEnumerable<long> shape, byte[] data)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(data);
        this.Name = name != SafeTensorsFile.MetadataKey
            ? name
            : throw new ArgumentException($"'{name}' is where a safetensors file keeps its metadata; a tensor cannot have that name.", nameof(name));
        this.Type = type;
        this.shape = [.. shape];
        this.data = data;
        if (this.shape.Any(size => size < 0))
            throw new ArgumentException($"Tensor '{name}': the shape {this.ShapeText} has a negative size.", nameof(shape));
        if (ByteLength(type, this.shape) is var expected && expected != data.Length)
            throw new ArgumentException($"Tensor '{name}': {type} of shape {this.ShapeText} takes {expected} bytes, not {data.Length}.", nameof(data));
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The element type.</summary>
    public SafeTensorType Type { get; }

    /// <summary>The sizes; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape => this.shape;

    /// <summary>The number of elements; 1 for a scalar.</summary>
    public long Elements => this.data.Length / this.Type.Size();

    /// <summary>The raw elements, row-major, little-endian.</summary>
    public ReadOnlySpan<byte> Bytes => this.data;

    internal string ShapeText => $"[{string.Join(", ", this.shape)}]";

    /// <summary>Copies a TorchSharp tensor of any device and layout.</summary>
    /// <exception cref="NotSupportedException">The dtype has no counterpart in the format, or the tensor is larger than an array can be.</exception>
    public static SafeTensor Of(string name, torch.Tensor tensor)
    {
        var type = tensor.dtype.ToSafeTensorType();
        using var scope = torch.NewDisposeScope();
        var plain = tensor.detach().cpu().contiguous();
        if (plain.numel() * type.Size() > Array.MaxLength)
            throw new NotSupportedException($"Tensor '{name}' takes more than {Array.MaxLength} bytes.");
        return new SafeTensor(name, type, plain.shape, plain.numel() == 0 ? [] : plain.bytes.ToArray());
    }

    /// <summary>Copies float64 numbers.</summary>
    public static SafeTensor Of(string name, IEnumerable<long> shape, ReadOnlySpan<double> values) =>
        new(name, SafeTensorType.F64, shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>Copies float32 numbers.</summary>
    public static SafeTensor Of(string name, IEnumerable<long> shape, ReadOnlySpan<float> values) =>
        new(name, SafeTensorType.F32, shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>Makes a TorchSharp tensor on the CPU with the same type, shape and elements. The caller owns it.</summary>
    public torch.Tensor ToTensor()
    {
        var tensor = torch.empty(this.shape, dtype: this.Type.ToScalarType());
        if (this.data.Length > 0)
            tensor.bytes = this.data;
        return tensor;
    }

    /// <summary>The elements as they lie in memory.</summary>
    /// <typeparam name="T">A type of the same size as an element: <c>double</c> for F64, <c>ushort</c> or <c>Half</c> for F16.</typeparam>
    /// <exception cref="InvalidOperationException">The sizes differ.</exception>
    public ReadOnlySpan<T> As<T>()
        where T : unmanaged => Unsafe.SizeOf<T>() == this.Type.Size()
            ? MemoryMarshal.Cast<byte, T>(this.data)
            : throw new InvalidOperationException($"Tensor '{this.Name}' has elements of type {this.Type}, which {typeof(T).Name} does not hold.");

    /// <summary>The bytes of a tensor, or −1 where they are more than a 64-bit number counts.</summary>
    internal static long ByteLength(SafeTensorType type, ReadOnlySpan<long> shape)
    {
        Int128 bytes = type.Size();
        var overflows = false;
        foreach (var size in shape)
        {
            // A later zero makes the tensor empty whatever came before.
            if (size == 0)
                return 0;
            overflows |= (bytes *= size) > long.MaxValue;
            if (overflows)
                bytes = 1;
        }

        return overflows ? -1 : (long)bytes;
    }
}
