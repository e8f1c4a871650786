using System.Text;

namespace OptBias.Build;

/// <summary>
/// The bytes of a little-endian ELF file. Every read is checked against the end of the file, so that a truncated
/// file is named as one instead of ending in an index error.
/// </summary>
internal sealed class ElfBytes(byte[] bytes, string file)
{
    /// <summary>The name that messages use for the file.</summary>
    public string File => file;

    public int Length => bytes.Length;

    public byte Byte(long offset, string what) => bytes[this.Check(offset, 1, what)];

    public ushort UInt16(long offset, string what)
    {
        var at = this.Check(offset, 2, what);
        return (ushort)(bytes[at] | (bytes[at + 1] << 8));
    }

    public uint UInt32(long offset, string what) =>
        this.UInt16(offset, what) | ((uint)this.UInt16(offset + 2, what) << 16);

    public ulong UInt64(long offset, string what) =>
        this.UInt32(offset, what) | ((ulong)this.UInt32(offset + 4, what) << 32);

    /// <summary>An offset or a size: 64 bits in the file, but no file here is larger than 2 GB.</summary>
    public int Extent(long offset, string what)
    {
        var value = this.UInt64(offset, what);
        if (value > int.MaxValue)
            throw this.Unexpected($"{what} is {value}, beyond any library of this kind; the file is damaged");

        return (int)value;
    }

    /// <summary>The zero-terminated string at an offset.</summary>
    public string Text(long offset, string what)
    {
        var start = this.Check(offset, 1, what);
        var end = Array.IndexOf(bytes, (byte)0, start);
        if (end < 0)
            throw this.Unexpected($"the file is truncated: {what} at offset {start} does not end");

        return Encoding.UTF8.GetString(bytes, start, end - start);
    }

    public byte[] Slice(long offset, int length, string what)
    {
        var slice = new byte[length];
        Array.Copy(bytes, this.Check(offset, length, what), slice, 0, length);
        return slice;
    }

    public UnexpectedElfException Unexpected(string what) => new(file, what);

    int Check(long offset, int length, string what)
    {
        if (offset < 0 || offset + length > bytes.Length)
            throw this.Unexpected(
                $"the file is truncated: {what} should be at offset {offset}, but the file has {bytes.Length} bytes");

        return (int)offset;
    }
}
