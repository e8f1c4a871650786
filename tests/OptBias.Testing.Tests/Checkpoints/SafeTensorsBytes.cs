using System.Buffers.Binary;
using System.Text;

namespace OptBias.Testing.Tests;

/// <summary>Files put together by hand, so that the writer is not what the reader is tested with.</summary>
internal static class SafeTensorsBytes
{
    public static byte[] Of(string header, params byte[] data) => Of((ulong)Encoding.UTF8.GetByteCount(header), header, data);

    public static byte[] Of(ulong headerLength, string header, params byte[] data)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, headerLength);
        return [.. length, .. Encoding.UTF8.GetBytes(header), .. data];
    }
}
