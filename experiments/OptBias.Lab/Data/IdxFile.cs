using System.Buffers.Binary;
using System.IO.Compression;

namespace OptBias.Lab.Data;

/// <summary>Reads the IDX format of the MNIST files: big-endian magic number and dimensions, then bytes. Gzipped or not.</summary>
public static class IdxFile
{
    private const int ImagesMagic = 0x00000803;
    private const int LabelsMagic = 0x00000801;

    /// <summary>Reads images [count, rows, columns].</summary>
    /// <exception cref="DataException">The file cannot be read, is no IDX image file, or is shorter or longer than its header says.</exception>
    public static (byte[] Pixels, int Count, int Rows, int Columns) ReadImages(string path)
    {
        var content = ReadAll(path);
        CheckMagic(path, content, ImagesMagic, "images");
        var (count, rows, columns) = (Dimension(path, content, 4), Dimension(path, content, 8), Dimension(path, content, 12));
        CheckLength(path, content.Length, 16, (long)count * rows * columns, $"{count} images of {rows}×{columns}");
        return (content[16..], count, rows, columns);
    }

    /// <summary>Reads labels [count].</summary>
    /// <exception cref="DataException">As for images; also a label above 9.</exception>
    public static byte[] ReadLabels(string path)
    {
        var content = ReadAll(path);
        CheckMagic(path, content, LabelsMagic, "labels");
        var count = Dimension(path, content, 4);
        CheckLength(path, content.Length, 8, count, $"{count} labels");
        var labels = content[8..];
        var wrong = Array.FindIndex(labels, label => label > 9);
        return wrong < 0 ? labels : throw new DataException(path, $"label {wrong} is {labels[wrong]}, and digits are 0 to 9.");
    }

    private static byte[] ReadAll(string path)
    {
        try
        {
            var content = File.ReadAllBytes(path);
            return content is [0x1F, 0x8B, ..] ? Decompress(path, content) : content;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"cannot be read: {e.Message}", e);
        }
    }

    private static byte[] Decompress(string path, byte[] content)
    {
        const int Shortest = 18;
        if (content.Length < Shortest)
            throw new DataException(path, $"is truncated: {content.Length} bytes are no gzip stream.");
        using var result = new MemoryStream();
        try
        {
            using var gzip = new GZipStream(new MemoryStream(content), CompressionMode.Decompress);
            gzip.CopyTo(result);
        }
        catch (InvalidDataException e)
        {
            throw new DataException(path, $"is damaged: {e.Message}", e);
        }

        // GZipStream takes a stream that ends too early for one that ends. The last four bytes hold the length modulo 2³².
        var expected = BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(content.Length - 4));
        return (uint)result.Length == expected
            ? result.ToArray()
            : throw new DataException(path, $"is truncated or damaged: the gzip stream ends after {result.Length} bytes.");
    }

    private static void CheckMagic(string path, byte[] content, int magic, string what)
    {
        if (content.Length < 4)
            throw new DataException(path, $"is truncated: {content.Length} bytes hold no IDX header.");
        var found = BinaryPrimitives.ReadInt32BigEndian(content);
        if (found != magic)
        {
            var hint = found switch
            {
                ImagesMagic => " (the file holds images)",
                LabelsMagic => " (the file holds labels)",
                _ => "",
            };
            throw new DataException(path, $"is no IDX file of {what}: the magic number is 0x{found:X8}{hint}, expected 0x{magic:X8}.");
        }
    }

    private static int Dimension(string path, byte[] content, int offset)
    {
        if (content.Length < offset + 4)
            throw new DataException(path, $"is truncated: {content.Length} bytes hold no IDX header.");
        var value = BinaryPrimitives.ReadInt32BigEndian(content.AsSpan(offset));
        return value > 0 ? value : throw new DataException(path, $"has the dimension {value} in its header; dimensions are positive.");
    }

    private static void CheckLength(string path, int length, int header, long body, string what)
    {
        if (length < header + body)
            throw new DataException(path, $"is truncated: its header announces {what}, {header + body} bytes, and it holds {length}.");
        if (length > header + body)
            throw new DataException(path, $"is longer than its header says: {what} are {header + body} bytes, and it holds {length}.");
    }
}
