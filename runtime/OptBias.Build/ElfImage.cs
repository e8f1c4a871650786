namespace OptBias.Build;

/// <summary>A section of the file; <paramref name="Name"/> as the section header string table has it.</summary>
internal sealed record ElfSection(
    int Index, string Name, uint Type, ulong Address, int Offset, int Size, int Link, int Info, int EntrySize);

/// <summary>An entry of <c>.dynsym</c>, where it lies in the file, and where its version index lies.</summary>
internal sealed record ElfDynamicSymbol(string Name, int Offset, int VersionOffset, ushort Version, ushort SectionIndex)
{
    /// <summary>The symbol is looked for in another library.</summary>
    public bool IsUndefined => this.SectionIndex == 0;
}

/// <summary>A version that the file needs of a library, and where its flags lie in the file.</summary>
internal sealed record ElfNeededVersion(string Library, string Version, ushort Index, int FlagsOffset, ushort Flags)
{
    /// <summary>The loader goes on when the library lacks a weak version.</summary>
    public const ushort Weak = 0x2;

    public bool IsWeak => (this.Flags & Weak) != 0;
}

/// <summary>
/// What the loader's version check looks at in an x86-64 shared library: dynamic symbols, the versions that they carry,
/// the versions that the file needs and defines. Layout: System V ABI, chapters 4 and 5; version sections: Linux
/// Standard Base, "Symbol Versioning".
/// </summary>
internal sealed class ElfImage
{
    const uint DynamicSymbolSection = 11;
    const uint VersionDefinitionSection = 0x6ffffffd;
    const uint VersionNeedSection = 0x6ffffffe;
    const uint VersionSymbolSection = 0x6fffffff;
    const int SectionHeaderSize = 64;
    const int SymbolSize = 24;

    readonly ElfBytes bytes;

    ElfImage(ElfBytes bytes, IReadOnlyList<ElfSection> sections)
    {
        this.bytes = bytes;
        this.Sections = sections;
    }

    public IReadOnlyList<ElfSection> Sections { get; }

    /// <summary>Reads the headers.</summary>
    /// <param name="content">The whole file.</param>
    /// <param name="file">The name that messages use.</param>
    /// <exception cref="UnexpectedElfException">Not a complete 64-bit little-endian x86-64 shared library.</exception>
    public static ElfImage Read(byte[] content, string file)
    {
        var bytes = new ElfBytes(content, file);
        CheckIdentity(content, bytes);

        var table = bytes.Extent(0x28, "the offset of the section headers");
        var entrySize = bytes.UInt16(0x3a, "the size of a section header");
        var count = bytes.UInt16(0x3c, "the number of sections");
        var namesIndex = bytes.UInt16(0x3e, "the index of the section names");
        if (table == 0 || count == 0)
            throw bytes.Unexpected("it has no section headers (a stripped or packed library cannot be adapted)");
        if (entrySize != SectionHeaderSize || namesIndex >= count)
            throw bytes.Unexpected(
                $"section headers of {entrySize} bytes, names in section {namesIndex} of {count}; "
                + $"expected {SectionHeaderSize} bytes and an index below the number of sections");

        var names = bytes.Extent(table + (long)namesIndex * SectionHeaderSize + 0x18, "the section names");
        var sections = new List<ElfSection>(count);
        for (var index = 0; index < count; index++)
            sections.Add(ReadSection(bytes, index, table + (long)index * SectionHeaderSize, names));

        return new ElfImage(bytes, sections);
    }

    /// <summary>The section of that name, or null.</summary>
    public ElfSection? Section(string name) => this.Sections.FirstOrDefault(section => section.Name == name);

    public byte[] Content(ElfSection section) =>
        this.bytes.Slice(section.Offset, section.Size, $"section {section.Name}");

    public UnexpectedElfException Unexpected(string what) => this.bytes.Unexpected(what);

    /// <summary>The entries of <c>.dynsym</c> with the version index that <c>.gnu.version</c> gives each.</summary>
    public IEnumerable<ElfDynamicSymbol> DynamicSymbols()
    {
        var symbols = this.OfType(DynamicSymbolSection);
        var versions = this.OfType(VersionSymbolSection);
        if (symbols is null || versions is null)
            throw this.Unexpected("it has no dynamic symbols with versions (.dynsym and .gnu.version)");
        if (versions.Size / 2 != symbols.Size / SymbolSize)
            throw this.Unexpected(
                $"{symbols.Size / SymbolSize} dynamic symbols but {versions.Size / 2} version indices; they must be as many");

        var names = this.Linked(symbols);
        for (var index = 0; index < symbols.Size / SymbolSize; index++)
        {
            var at = symbols.Offset + index * SymbolSize;
            var versionAt = versions.Offset + index * 2;
            yield return new ElfDynamicSymbol(
                this.bytes.Text(names.Offset + (long)this.bytes.UInt32(at, "a symbol"), "a symbol's name"),
                at,
                versionAt,
                (ushort)(this.bytes.UInt16(versionAt, "a symbol's version") & 0x7fff),
                this.bytes.UInt16(at + 6, "a symbol's section"));
        }
    }

    /// <summary>The versions that the file needs, library by library; empty when it has no <c>.gnu.version_r</c>.</summary>
    public IEnumerable<ElfNeededVersion> NeededVersions()
    {
        if (this.OfType(VersionNeedSection) is not { } section)
            yield break;

        var names = this.Linked(section);
        long at = section.Offset;
        for (var library = 0; library < section.Info; library++)
        {
            var libraryName = this.bytes.Text(names.Offset + (long)this.bytes.UInt32(at + 4, "a needed library"), "its name");
            var count = this.bytes.UInt16(at + 2, "a number of needed versions");
            var entry = at + this.bytes.UInt32(at + 8, "a needed version");
            for (var version = 0; version < count; version++)
            {
                yield return new ElfNeededVersion(
                    libraryName,
                    this.bytes.Text(names.Offset + (long)this.bytes.UInt32(entry + 8, "a needed version"), "a version's name"),
                    this.bytes.UInt16(entry + 6, "a version's index"),
                    (int)entry + 4,
                    this.bytes.UInt16(entry + 4, "a version's flags"));
                entry += this.Next(entry + 12, last: version == count - 1);
            }

            at += this.Next(at + 12, last: library == section.Info - 1);
        }
    }

    /// <summary>The names of the versions that the file defines; empty when it has no <c>.gnu.version_d</c>.</summary>
    public IEnumerable<string> DefinedVersions()
    {
        if (this.OfType(VersionDefinitionSection) is not { } section)
            yield break;

        var names = this.Linked(section);
        long at = section.Offset;
        for (var index = 0; index < section.Info; index++)
        {
            var name = at + this.bytes.UInt32(at + 12, "a version definition");
            yield return this.bytes.Text(names.Offset + (long)this.bytes.UInt32(name, "a version's name"), "a version's name");
            at += this.Next(at + 16, last: index == section.Info - 1);
        }
    }

    /// <summary>The distance to the next entry of a version section; 0 only after the last.</summary>
    uint Next(long at, bool last)
    {
        var distance = this.bytes.UInt32(at, "the distance to the next version");
        if (distance == 0 && !last)
            throw this.Unexpected($"its list of versions ends early, at offset {at}");

        return distance;
    }

    static void CheckIdentity(byte[] content, ElfBytes bytes)
    {
        if (content.Length < 4 || content[0] != 0x7f || content[1] != 'E' || content[2] != 'L' || content[3] != 'F')
            throw bytes.Unexpected("it is not an ELF file (it does not begin with 7F 45 4C 46)");
        if (bytes.Byte(4, "the ELF class") != 2)
            throw bytes.Unexpected($"ELF class {content[4]} (1 is 32-bit); expected 2, a 64-bit library");
        if (bytes.Byte(5, "the byte order") != 1)
            throw bytes.Unexpected($"byte order {content[5]} (2 is big-endian); expected 1, little-endian");
        if (bytes.UInt16(0x10, "the file type") is var type and not 3)
            throw bytes.Unexpected($"ELF file type {type}; expected 3, a shared library");
        if (bytes.UInt16(0x12, "the machine") is var machine and not 62)
            throw bytes.Unexpected($"machine {machine}; expected 62, x86-64");
    }

    static ElfSection ReadSection(ElfBytes bytes, int index, long at, int names) =>
        new(index,
            bytes.Text(names + (long)bytes.UInt32(at, "a section header"), "a section's name"),
            bytes.UInt32(at + 4, "a section header"),
            bytes.UInt64(at + 0x10, "a section header"),
            bytes.Extent(at + 0x18, "a section's offset"),
            bytes.Extent(at + 0x20, "a section's size"),
            (int)bytes.UInt32(at + 0x28, "a section header"),
            (int)bytes.UInt32(at + 0x2c, "a section header"),
            bytes.Extent(at + 0x38, "a section's entry size"));

    ElfSection? OfType(uint type) => this.Sections.FirstOrDefault(section => section.Type == type);

    ElfSection Linked(ElfSection section)
    {
        if (section.Link <= 0 || section.Link >= this.Sections.Count)
            throw this.Unexpected($"section {section.Name} takes its names from section {section.Link}, which does not exist");

        return this.Sections[section.Link];
    }
}
