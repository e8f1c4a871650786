using System.Buffers.Binary;

namespace OptBias.Lab.Tests;

/// <summary>Small data sets of every format that is read, as bytes: the pixels of an image say its class, so that a network can learn it.</summary>
internal static class ImageBytes
{
    /// <summary>IDX images [count, rows, columns]; each is bright where its class says.</summary>
    public static byte[] Idx(int count, int rows, int columns, int classes)
    {
        var content = new byte[16 + (count * rows * columns)];
        int[] header = [0x803, count, rows, columns];
        for (var i = 0; i < header.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(4 * i), header[i]);
        for (var i = 0; i < count; i++)
            Pattern(content.AsSpan(16 + (i * rows * columns), rows * columns), i % classes, i);
        return content;
    }

    /// <summary>IDX labels, bytes: the classes in turn, counted from <paramref name="first"/>.</summary>
    public static byte[] Labels(int count, int classes, int first = 0)
    {
        var content = new byte[8 + count];
        BinaryPrimitives.WriteInt32BigEndian(content, 0x801);
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(4), count);
        for (var i = 0; i < count; i++)
            content[8 + i] = (byte)(first + (i % classes));
        return content;
    }

    /// <summary>QMNIST's labels: eight integers a row, the class first.</summary>
    public static byte[] LongLabels(int count, Func<int, int> label)
    {
        var content = new byte[12 + (count * 32)];
        int[] header = [0xC02, count, 8];
        for (var i = 0; i < header.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(4 * i), header[i]);
        for (var i = 0; i < count; i++)
        {
            for (var k = 0; k < 8; k++)
                BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(12 + (32 * i) + (4 * k)), k == 0 ? label(i) : 1000 + k);
        }

        return content;
    }

    /// <summary>Records of CIFAR: the labels, and 3 × 32 × 32 pixels.</summary>
    public static byte[] Cifar(int count, int classes, int labelBytes, int shift = 0)
    {
        const int Pixels = 3 * 32 * 32;
        var content = new byte[count * (labelBytes + Pixels)];
        for (var i = 0; i < count; i++)
        {
            var record = content.AsSpan(i * (labelBytes + Pixels), labelBytes + Pixels);
            record[labelBytes - 1] = (byte)((i + shift) % classes);
            Pattern(record[labelBytes..], (i + shift) % classes, i);
        }

        return content;
    }

    private static void Pattern(Span<byte> pixels, int label, int image)
    {
        for (var p = 0; p < pixels.Length; p++)
            pixels[p] = (byte)((p % 11 == label % 11 ? 200 : 20) + ((image + p) % 7));
    }
}
