using System.Buffers.Binary;
using System.Text;

namespace OptBias.GpuCheck.Natives;

/// <summary>
/// What the loader would read of a 64-bit ELF library: the libraries it needs, the symbols it looks for elsewhere, the symbols
/// it offers. Only those sections are read, since libraries of CUDA are gigabytes. Layout: System V ABI, chapters 4 and 5.
/// </summary>
internal sealed record SharedLibrary
{
    private const uint DynamicSection = 6;
    private const uint DynamicSymbolSection = 11;
    private const uint VersionSymbolSection = 0x6fffffff;
    private const int SectionHeaderSize = 64;
    private const int SymbolSize = 24;
    private const long NeededTag = 1;

    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>Names of the libraries that it needs.</summary>
    public required IReadOnlyList<string> Needed { get; init; }

    /// <summary>
    /// Symbols that must come from elsewhere and carry no version. libtorch's symbols have none; those of libc and libstdc++ do,
    /// and weak ones may be missing.
    /// </summary>
    public required IReadOnlyList<string> Wanted { get; init; }

    /// <summary>Symbols that others can bind to.</summary>
    public required IReadOnlySet<string> Offered { get; init; }

    /// <summary>Reads a library.</summary>
    /// <exception cref="InvalidDataException">It is none; the message names the file and what was expected.</exception>
    public static SharedLibrary Read(string path)
    {
        using var file = File.OpenHandle(path);
        var header = Bytes(0, SectionHeaderSize, "the header");
        if (header is not [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, ..])
            throw Unexpected("it is not a 64-bit little-endian ELF library");
        var (table, size, count) = (BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(0x28)), UInt16(header, 0x3a), UInt16(header, 0x3c));
        if (table == 0 || count == 0 || size != SectionHeaderSize)
            throw Unexpected("it has no section headers of the usual size");
        var headers = Bytes(table, count * SectionHeaderSize, "the section headers");
        var sections = Enumerable.Range(0, count).Select(i => Section.Read(headers.AsSpan(i * SectionHeaderSize, SectionHeaderSize))).ToArray();

        if (sections.FirstOrDefault(s => s.Type == DynamicSymbolSection) is not { } symbols)
            throw Unexpected("it has no dynamic symbols");
        var versions = sections.FirstOrDefault(s => s.Type == VersionSymbolSection) is { } v ? Bytes(v.Offset, v.Size, "versions of symbols") : [];
        var (wanted, offered) = Symbols(Bytes(symbols.Offset, symbols.Size, "dynamic symbols"), Names(symbols), versions);
        var needed = sections.FirstOrDefault(s => s.Type == DynamicSection) is { } dynamic
            ? NeededOf(Bytes(dynamic.Offset, dynamic.Size, "the dynamic section"), Names(dynamic))
            : [];
        return new SharedLibrary { Path = path, Needed = needed, Wanted = wanted, Offered = offered };

        byte[] Names(Section section) => section.Link < sections.Length
            ? Bytes(sections[section.Link].Offset, sections[section.Link].Size, "names")
            : throw Unexpected($"names lie in section {section.Link} of {sections.Length}");

        byte[] Bytes(long offset, long length, string what)
        {
            if (offset < 0 || length < 0 || length > int.MaxValue || offset + length > RandomAccess.GetLength(file))
                throw Unexpected($"{what} should be {length} bytes at {offset}, but the file has {RandomAccess.GetLength(file)}");
            var bytes = new byte[length];
            for (var read = 0; read < bytes.Length;)
            {
                var more = RandomAccess.Read(file, bytes.AsSpan(read), offset + read);
                read += more > 0 ? more : throw Unexpected($"{what} could not be read");
            }

            return bytes;
        }

        InvalidDataException Unexpected(string what) => new($"{path}: {what}.");
    }

    private static (List<string> Wanted, HashSet<string> Offered) Symbols(byte[] symbols, byte[] names, byte[] versions)
    {
        const int Global = 1, Weak = 2, Unique = 10;
        const int Default = 0, Protected = 3;
        var (wanted, offered) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        for (var i = 1; i < symbols.Length / SymbolSize; i++)
        {
            var symbol = symbols.AsSpan(i * SymbolSize, SymbolSize);
            var (binding, visibility, section) = (symbol[4] >> 4, symbol[5] & 3, BinaryPrimitives.ReadUInt16LittleEndian(symbol[6..]));
            var name = Text(names, BinaryPrimitives.ReadInt32LittleEndian(symbol));
            if (section == 0)
            {
                // Versions 0 and 1 are "local" and "global": none that a library has given a name.
                var version = versions.Length >= (2 * i) + 2 ? UInt16(versions, 2 * i) & 0x7fff : 0;
                if (binding == Global && version <= 1)
                    wanted.Add(name);
            }
            else if (binding is Global or Weak or Unique && visibility is Default or Protected)
            {
                offered.Add(name);
            }
        }

        return (wanted, offered);
    }

    private static List<string> NeededOf(byte[] dynamic, byte[] names)
    {
        var needed = new List<string>();
        for (var at = 0; at + 16 <= dynamic.Length; at += 16)
        {
            if (BinaryPrimitives.ReadInt64LittleEndian(dynamic.AsSpan(at)) == NeededTag)
                needed.Add(Text(names, (int)BinaryPrimitives.ReadInt64LittleEndian(dynamic.AsSpan(at + 8))));
        }

        return needed;
    }

    private static string Text(byte[] names, int start)
    {
        if (start < 0 || start >= names.Length)
            return "";
        var rest = names.AsSpan(start);
        return Encoding.UTF8.GetString(rest[..Math.Max(0, rest.IndexOf((byte)0))]);
    }

    private static ushort UInt16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private sealed record Section(uint Type, long Offset, long Size, int Link)
    {
        public static Section Read(ReadOnlySpan<byte> header) => new(
            BinaryPrimitives.ReadUInt32LittleEndian(header[4..]),
            BinaryPrimitives.ReadInt64LittleEndian(header[0x18..]),
            BinaryPrimitives.ReadInt64LittleEndian(header[0x20..]),
            BinaryPrimitives.ReadInt32LittleEndian(header[0x28..]));
    }
}
