using System.Buffers.Binary;
using System.Text;

namespace OptBias.Build.Tests;

/// <summary>
/// Writes an x86-64 shared library with nothing in it but what the loader's version check looks at: dynamic symbols,
/// their versions, needed and defined versions, and a <c>.fini</c>.
/// </summary>
sealed class SmallElf
{
    public const string Marker = "_ZSt21ios_base_library_initv";

    const int HeaderSize = 64;

    static readonly byte[] EmptyFini = [0xf3, 0x0f, 0x1e, 0xfa, 0x48, 0x83, 0xec, 0x08, 0x48, 0x83, 0xc4, 0x08, 0xc3];

    readonly List<byte> strings = [0];

    /// <summary>Undefined symbols and the index of the version they need.</summary>
    public List<(string Name, ushort Version)> Symbols { get; init; } = [];

    /// <summary>Versions needed of libstdc++.so.6.</summary>
    public List<(string Name, ushort Index)> Needed { get; init; } = [];

    /// <summary>Versions that the library defines.</summary>
    public List<string> Defined { get; init; } = [];

    public byte[] Fini { get; init; } = EmptyFini;

    /// <summary>As LibTorchSharp is: the marker from GCC 13's version, other symbols from older ones.</summary>
    public static SmallElf WithMarker() => new()
    {
        Symbols = [("_ZNSt8ios_baseD2Ev", 2), (Marker, 3), ("_ZSt7getlinev", 2)],
        Needed = [("GLIBCXX_3.4", 2), ("GLIBCXX_3.4.32", 3)],
    };

    public byte[] Write()
    {
        var symbols = this.SymbolTable();
        var versions = this.VersionTable();
        var needed = this.NeededTable();
        var defined = this.DefinedTable();
        var names = Encoding.ASCII.GetBytes("\0.dynsym\0.dynstr\0.gnu.version\0.gnu.version_r\0.gnu.version_d\0.fini\0.shstrtab\0");
        (string Name, uint Type, byte[] Content, int Link, int Info)[] sections =
        [
            (".dynsym", 11, symbols, 2, 1),
            (".dynstr", 3, [.. this.strings], 0, 0),
            (".gnu.version", 0x6fffffff, versions, 1, 0),
            (".gnu.version_r", 0x6ffffffe, needed, 2, this.Needed.Count == 0 ? 0 : 1),
            (".gnu.version_d", 0x6ffffffd, defined, 2, this.Defined.Count),
            (".fini", 1, this.Fini, 0, 0),
            (".shstrtab", 3, names, 0, 0),
        ];

        var file = new List<byte>(new byte[HeaderSize]);
        var headers = new List<byte>(new byte[HeaderSize]);
        foreach (var (name, type, content, link, info) in sections)
        {
            var header = new byte[HeaderSize];
            BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)IndexOf(names, name));
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), type);
            BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(0x10), (ulong)(0x10000 + file.Count));
            BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(0x18), (ulong)file.Count);
            BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(0x20), (ulong)content.Length);
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(0x28), link);
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(0x2c), info);
            headers.AddRange(header);
            file.AddRange(content);
        }

        var table = file.Count;
        file.AddRange(headers);
        byte[] bytes = [.. file];
        byte[] identity = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        identity.CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(0x10), 3);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(0x12), 62);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(0x28), (ulong)table);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(0x3a), HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(0x3c), (ushort)(sections.Length + 1));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(0x3e), (ushort)sections.Length);
        return bytes;
    }

    byte[] SymbolTable()
    {
        var table = new byte[24 * (this.Symbols.Count + 1)];
        for (var index = 0; index < this.Symbols.Count; index++)
        {
            var entry = table.AsSpan(24 * (index + 1));
            BinaryPrimitives.WriteUInt32LittleEndian(entry, this.Text(this.Symbols[index].Name));
            entry[4] = 0x12; // a global function
        }

        return table;
    }

    byte[] VersionTable()
    {
        var table = new byte[2 * (this.Symbols.Count + 1)];
        for (var index = 0; index < this.Symbols.Count; index++)
            BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan(2 * (index + 1)), this.Symbols[index].Version);
        return table;
    }

    byte[] NeededTable()
    {
        var table = new byte[16 * (this.Needed.Count + 1)];
        BinaryPrimitives.WriteUInt16LittleEndian(table, 1);
        BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan(2), (ushort)this.Needed.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(4), this.Text("libstdc++.so.6"));
        BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(8), 16);
        for (var index = 0; index < this.Needed.Count; index++)
        {
            var entry = table.AsSpan(16 * (index + 1));
            BinaryPrimitives.WriteUInt16LittleEndian(entry[6..], this.Needed[index].Index);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], this.Text(this.Needed[index].Name));
            BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], index == this.Needed.Count - 1 ? 0u : 16u);
        }

        return table;
    }

    byte[] DefinedTable()
    {
        var table = new byte[28 * this.Defined.Count];
        for (var index = 0; index < this.Defined.Count; index++)
        {
            var entry = table.AsSpan(28 * index);
            BinaryPrimitives.WriteUInt16LittleEndian(entry, 1);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], 20);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[16..], index == this.Defined.Count - 1 ? 0u : 28u);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[20..], this.Text(this.Defined[index]));
        }

        return table;
    }

    uint Text(string text)
    {
        var at = (uint)this.strings.Count;
        this.strings.AddRange(Encoding.ASCII.GetBytes(text + '\0'));
        return at;
    }

    static int IndexOf(byte[] names, string name) => names.AsSpan().IndexOf(Encoding.ASCII.GetBytes('\0' + name + '\0')) + 1;
}
