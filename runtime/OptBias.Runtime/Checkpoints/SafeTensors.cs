using System.Buffers.Binary;

namespace OptBias;

/// <summary>
/// Reads and writes <c>.safetensors</c> files: an 8-byte little-endian header length, a JSON header, raw data.
/// </summary>
/// <remarks>Source: https://huggingface.co/docs/safetensors, section "Format".</remarks>
public static class SafeTensors
{
    /// <summary>The largest header that is read, in bytes: that of the reference implementation.</summary>
    internal const long MaximumHeaderLength = 100_000_000;

    /// <summary>Reads a whole file into memory.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is not well-formed; the message says where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafeTensorsFile Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return Read(stream, path);
    }

    /// <summary>Reads a stream that can seek, from its begin to its end.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="path">What messages call it.</param>
    internal static SafeTensorsFile Read(Stream stream, string path)
    {
        try
        {
            var header = SafeTensorsHeader.Parse(ReadHeader(stream), stream.Length - stream.Position);
            return new SafeTensorsFile(header.Tensors.Select(entry => ReadTensor(stream, header, entry)).ToList(), header.Metadata);
        }
        catch (MalformedSafeTensorsException exception)
        {
            throw new InvalidDataException($"{path}: {exception.Message}", exception.InnerException);
        }
        catch (EndOfStreamException exception)
        {
            throw new InvalidDataException($"{path}: the file ended while it was read; it has become shorter.", exception);
        }
    }

    /// <summary>
    /// Writes a file. It appears under its name only when it is complete: an interrupted or failed write leaves what was there.
    /// </summary>
    /// <param name="path">The file; an older one is replaced. Missing folders are made.</param>
    /// <param name="tensors">The tensors; in the file those with larger elements come first, so that each is aligned.</param>
    /// <param name="metadata">Free text by key, written in ordinal order.</param>
    /// <exception cref="ArgumentException">Two tensors have the same name.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<SafeTensor> tensors, IEnumerable<KeyValuePair<string, string>>? metadata = null) =>
        Write(path, new SafeTensorsFile(tensors, metadata));

    /// <inheritdoc cref="Write(string, IEnumerable{SafeTensor}, IEnumerable{KeyValuePair{string, string}}?)"/>
    public static void Write(string path, SafeTensorsFile file)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(file);
        AtomicFile.Write(path, stream => Write(stream, file));
    }

    /// <summary>Writes to a stream.</summary>
    internal static void Write(Stream stream, SafeTensorsFile file)
    {
        // OrderBy is stable: within a size the given order stays.
        List<SafeTensor> ordered = [.. file.OrderByDescending(tensor => tensor.Type.Size())];
        var header = SafeTensorsHeader.Format(ordered, file.Metadata);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var tensor in ordered)
            stream.Write(tensor.Bytes);
    }

    private static byte[] ReadHeader(Stream stream)
    {
        if (stream.Length < 8)
            throw new MalformedSafeTensorsException($"a safetensors file begins with 8 bytes for the length of its header, but the file has {stream.Length} bytes.");
        Span<byte> prefix = stackalloc byte[8];
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaximumHeaderLength)
            throw new MalformedSafeTensorsException($"the header claims {length} bytes, more than the {MaximumHeaderLength} that are allowed; this is hardly a safetensors file.");
        if ((long)length > stream.Length - 8)
            throw new MalformedSafeTensorsException($"the header claims {length} bytes, but only {stream.Length - 8} follow; the file is truncated or is no safetensors file.");
        var header = new byte[length];
        stream.ReadExactly(header);
        return header;
    }

    private static SafeTensor ReadTensor(Stream stream, SafeTensorsHeader header, SafeTensorsHeader.Entry entry)
    {
        if (entry.End - entry.Begin > Array.MaxLength)
            throw new MalformedSafeTensorsException($"tensor '{entry.Name}' has {entry.End - entry.Begin} bytes, more than the {Array.MaxLength} that are read at once.");
        var data = new byte[entry.End - entry.Begin];
        stream.Position = header.Length + 8 + entry.Begin;
        stream.ReadExactly(data);
        return new SafeTensor(entry.Name, entry.Type, entry.Shape, data);
    }
}
