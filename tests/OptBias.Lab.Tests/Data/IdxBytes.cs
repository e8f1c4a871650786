using System.Buffers.Binary;
using System.IO.Compression;

namespace OptBias.Lab.Tests;

/// <summary>IDX files as bytes.</summary>
internal static class IdxBytes
{
    /// <summary>The pixel of an image at a position.</summary>
    public static byte Pixel(int image, int position) => (byte)(((image * 31) + position) % 256);

    public static byte[] Images(int count)
    {
        var content = new byte[16 + (count * 784)];
        int[] header = [0x803, count, 28, 28];
        for (var i = 0; i < header.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(4 * i), header[i]);
        for (var i = 0; i < count * 784; i++)
            content[16 + i] = Pixel(i / 784, i % 784);
        return content;
    }

    public static byte[] Labels(int count)
    {
        var content = new byte[8 + count];
        BinaryPrimitives.WriteInt32BigEndian(content, 0x801);
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(4), count);
        for (var i = 0; i < count; i++)
            content[8 + i] = (byte)(i % 10);
        return content;
    }

    public static byte[] Compressed(byte[] content)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Fastest))
            gzip.Write(content);
        return result.ToArray();
    }
}
