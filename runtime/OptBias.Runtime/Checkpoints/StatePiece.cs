using System.Buffers.Binary;

namespace OptBias;

/// <summary>
/// A part of TorchSharp's state dict in a stream: a mark, a length, and a checkpoint with one group or one parameter. Nothing is read
/// past the length, and no more is allocated than the stream has.
/// </summary>
internal static class StatePiece
{
    /// <summary>How much is read at once from a stream whose length is not known.</summary>
    private const int Portion = 1 << 20;

    private static ReadOnlySpan<byte> Mark => "OPTBIAS\u0001"u8;

    /// <summary>Whether a stream begins as TorchSharp begins a state dict: with the name of the class. Leaves the stream at its begin.</summary>
    public static bool BeginsWithFrame(Stream stream, string name)
    {
        using var expected = new MemoryStream();
        using (var writer = new BinaryWriter(expected))
            writer.Write(name);
        var head = expected.ToArray();
        var found = new byte[head.Length];
        var count = stream.ReadAtLeast(found, found.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        return found.AsSpan(0, count).SequenceEqual(head);
    }

    public static void Write(BinaryWriter writer, SafeTensorsFile piece)
    {
        using var bytes = new MemoryStream();
        SafeTensors.Write(bytes, piece);
        writer.Write(Mark);
        writer.Write(bytes.Length);
        writer.Write(bytes.GetBuffer().AsSpan(0, checked((int)bytes.Length)));
    }

    /// <summary>Reads a part of an optimizer's state.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or was not written by <see cref="Write"/>.</exception>
    public static SavedOptimizer Read(BinaryReader reader, string owner) => CheckpointFormat.Read(ReadFile(reader, owner), owner);

    /// <summary>Reads the tensors and the metadata of a part.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or was not written by <see cref="Write"/>.</exception>
    public static SafeTensorsFile ReadFile(BinaryReader reader, string owner)
    {
        Span<byte> head = stackalloc byte[Mark.Length + sizeof(long)];
        try
        {
            reader.BaseStream.ReadExactly(head);
            if (!head.StartsWith(Mark))
                throw new InvalidDataException($"{owner}: the data is not state as this version writes it. It is damaged, or of a version that stored state by its place: load it with that version, and save it with {nameof(DeclaredOptimizer.Save)}.");
            var bytes = ReadBytes(reader.BaseStream, BinaryPrimitives.ReadInt64LittleEndian(head[Mark.Length..]), owner);
            return SafeTensors.Read(new MemoryStream(bytes, writable: false), owner);
        }
        catch (EndOfStreamException exception)
        {
            throw new InvalidDataException($"{owner}: the data ends in the middle of the state.", exception);
        }
    }

    private static byte[] ReadBytes(Stream stream, long length, string owner)
    {
        if (length < 0 || length > Array.MaxLength || (stream.CanSeek && length > stream.Length - stream.Position))
            throw new InvalidDataException($"{owner}: the data claims {length} bytes of state, more than there are.");
        if (stream.CanSeek)
        {
            var all = new byte[length];
            stream.ReadExactly(all);
            return all;
        }

        using var gathered = new MemoryStream();
        var portion = new byte[Math.Min(length, Portion)];
        for (var left = length; left > 0;)
        {
            var part = portion.AsSpan(0, (int)Math.Min(left, portion.Length));
            stream.ReadExactly(part);
            gathered.Write(part);
            left -= part.Length;
        }

        return gathered.ToArray();
    }
}
