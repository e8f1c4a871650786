using System.Buffers.Binary;

namespace OptBias.Lab.Data;

/// <summary>Reads the IDX format of the MNIST files: big-endian magic number and dimensions, then bytes. Gzipped or not.</summary>
/// <remarks>
/// The header is read first, and no more bytes than it announces: what a file takes in memory is at most <see cref="LargestBody"/>,
/// whatever a compressed stream may grow to, and no more than twice what the file really holds.
/// </remarks>
public static class IdxFile
{
    /// <summary>The most that is read of a file, in bytes after decompression: 1.3 million images of 28×28 pixels.</summary>
    public const long LargestBody = 1L << 30;

    /// <summary>So much of a compressed stream is read on to see whether it is damaged: all of the MNIST images.</summary>
    private const long Verified = 64L << 20;

    private const int ImagesMagic = 0x00000803;
    private const int LabelsMagic = 0x00000801;
    private const int LongLabelsMagic = 0x00000C02;

    /// <summary>Reads images [count, rows, columns].</summary>
    /// <param name="path">The file.</param>
    /// <param name="check">Told the dimensions before any image is read; throws where they are not wanted.</param>
    /// <exception cref="DataException">The file cannot be read, is no IDX image file, or is shorter or longer than its header says.</exception>
    public static (byte[] Pixels, int Count, int Rows, int Columns) ReadImages(string path, Action<int, int, int>? check = null) => Read(path, file =>
    {
        file.CheckMagic("images", ImagesMagic);
        var (count, rows, columns) = (file.Dimension(), file.Dimension(), file.Dimension());
        check?.Invoke(count, rows, columns);
        return (file.Body([count, rows, columns], $"{count} images of {rows}×{columns}"), count, rows, columns);
    });

    /// <summary>Reads labels: bytes [count], or QMNIST's big-endian integers [count, columns], of which the first of a row is the class.</summary>
    /// <exception cref="DataException">As for images; also a label above 255.</exception>
    public static byte[] ReadLabels(string path) => Read(path, file =>
    {
        if (file.CheckMagic("labels", LabelsMagic, LongLabelsMagic) == LabelsMagic)
        {
            var all = file.Dimension();
            return file.Body([all], $"{all} labels");
        }

        var (count, columns) = (file.Dimension(), file.Dimension());
        var rows = file.Body([count, columns, sizeof(int)], $"{count} labels of {columns} numbers");
        var labels = new byte[count];
        for (var i = 0; i < count; i++)
        {
            var label = BinaryPrimitives.ReadInt32BigEndian(rows.AsSpan(i * columns * sizeof(int)));
            labels[i] = label is >= 0 and < ClassLabels.MostClasses ? (byte)label
                : throw new DataException(path, $"label {i} is {label}, and classes are 0 to {ClassLabels.MostClasses - 1}.");
        }

        return labels;
    });

    private static T Read<T>(string path, Func<Reader, T> read)
    {
        try
        {
            using var stream = DataFile.Open(path);
            try
            {
                return read(new Reader(path, stream));
            }
            catch (DataException) when (IsDamaged(stream) is { } damage)
            {
                // What a damaged stream gives is no header; that it is damaged says more than what is wrong with the header.
                throw damage;
            }
        }
        catch (DataFileException e)
        {
            throw new DataException(path, e.Message, e.InnerException);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"cannot be read: {e.Message}", e);
        }
    }

    private static DataFileException? IsDamaged(DataFile stream)
    {
        try
        {
            stream.Verify(Verified);
            return null;
        }
        catch (DataFileException e)
        {
            return e;
        }
    }

    /// <summary>Reads one file from the front.</summary>
    private sealed class Reader(string path, Stream stream)
    {
        private const int Chunk = 1 << 20;
        private int position;

        /// <summary>The magic number, which is one of those.</summary>
        public int CheckMagic(string what, params ReadOnlySpan<int> magic)
        {
            var found = this.Number();
            if (magic.Contains(found))
                return found;
            var hint = found switch
            {
                ImagesMagic => " (the file holds images)",
                LabelsMagic or LongLabelsMagic => " (the file holds labels)",
                _ => "",
            };
            throw new DataException(path, $"is no IDX file of {what}: the magic number is 0x{found:X8}{hint}, expected 0x{magic[0]:X8}.");
        }

        public int Dimension()
        {
            var value = this.Number();
            return value > 0 ? value : throw new DataException(path, $"has the dimension {value} in its header; dimensions are positive.");
        }

        /// <summary>All that the header announces, and the end of the file behind it.</summary>
        public byte[] Body(ReadOnlySpan<int> dimensions, string what)
        {
            var announced = 1L;
            foreach (var dimension in dimensions)
                announced = announced > LargestBody ? announced : announced * dimension;
            if (announced > LargestBody)
                throw new DataException(path, $"announces {what}, more than the {LargestBody} bytes that are read.");
            // Grows with what is there: a short file may announce a gigabyte.
            var body = new byte[Math.Min(Chunk, announced)];
            var read = 0;
            for (int got; read < announced && (got = stream.Read(body, read, body.Length - read)) > 0;)
            {
                read += got;
                if (read == body.Length && read < announced)
                    Array.Resize(ref body, (int)Math.Min(2L * body.Length, announced));
            }

            if (read < announced)
                throw new DataException(path, $"is truncated: its header announces {what}, {this.position + announced} bytes, and it holds {this.position + read}.");
            return stream.ReadByte() < 0 ? body
                : throw new DataException(path, $"is longer than its header says: {what} are {this.position + announced} bytes, and it holds more.");
        }

        private int Number()
        {
            Span<byte> bytes = stackalloc byte[4];
            var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            this.position += read;
            return read == bytes.Length ? BinaryPrimitives.ReadInt32BigEndian(bytes)
                : throw new DataException(path, $"is truncated: {this.position} bytes hold no IDX header.");
        }
    }
}
