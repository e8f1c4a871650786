namespace OptBias.Build;

/// <summary>
/// Frees a library of its need for <c>GLIBCXX_3.4.32</c>, the version of GCC 13's libstdc++, when all that it takes
/// from that version is <c>std::ios_base_library_init()</c>. That function is a marker: it does nothing, and is there
/// so that a program which includes &lt;iostream&gt; cannot be loaded with a libstdc++ that does not itself initialise
/// the standard streams. With an older libstdc++ the streams are initialised by <c>std::ios_base::Init</c> objects of
/// libtorch (libc10.so, libtorch_cpu.so), which is compiled for older versions and always loaded with this library.
/// </summary>
/// <remarks>
/// Three writes, and no byte moves: the symbol's entry in <c>.dynsym</c> becomes a hidden definition at the library's
/// own empty <c>_fini</c>, its index in <c>.gnu.version</c> becomes 1 (unversioned), and the version's entry in
/// <c>.gnu.version_r</c> gets the weak flag, with which the loader does not insist on it.
/// </remarks>
internal static class GlibcxxVersionPatch
{
    /// <summary>The version that the patch removes.</summary>
    public const string Version = "GLIBCXX_3.4.32";

    /// <summary>The library that would have to define it.</summary>
    public const string Library = "libstdc++.so.6";

    /// <summary><c>std::ios_base_library_init()</c>.</summary>
    public const string Symbol = "_ZSt21ios_base_library_initv";

    const byte Hidden = 2;
    const ushort Unversioned = 1;

    // endbr64; sub rsp, 8; add rsp, 8; ret: what the compiler's start files make of an empty _fini, with and
    // without the landing pad of control-flow enforcement.
    static readonly byte[] EmptyFini = [0xf3, 0x0f, 0x1e, 0xfa, 0x48, 0x83, 0xec, 0x08, 0x48, 0x83, 0xc4, 0x08, 0xc3];

    /// <summary>The library without the need for the version; the same array when it does not need it.</summary>
    /// <param name="library">The whole file; it is not changed.</param>
    /// <param name="file">The name that messages use.</param>
    /// <exception cref="UnexpectedElfException">
    /// Not a 64-bit x86-64 library, or one that takes more from the version than the marker.
    /// </exception>
    public static byte[] Apply(byte[] library, string file)
    {
        var image = ElfImage.Read(library, file);
        if (image.NeededVersions().FirstOrDefault(needed => needed is { Library: Library, Version: Version, IsWeak: false })
            is not { } version)
            return library;

        var symbol = MarkerOf(image, version);
        var fini = EmptyFiniOf(image);

        var patched = (byte[])library.Clone();
        patched[symbol.Offset + 5] = Hidden;
        Write(patched, symbol.Offset + 6, (ulong)fini.Index, 2);
        Write(patched, symbol.Offset + 8, fini.Address, 8);
        Write(patched, symbol.VersionOffset, Unversioned, 2);
        Write(patched, version.FlagsOffset, (ulong)(version.Flags | ElfNeededVersion.Weak), 2);
        return patched;
    }

    static ElfDynamicSymbol MarkerOf(ElfImage image, ElfNeededVersion version)
    {
        var users = image.DynamicSymbols().Where(symbol => symbol.IsUndefined && symbol.Version == version.Index).ToList();
        if (users is [{ Name: Symbol } marker])
            return marker;

        var names = users.Count == 0 ? "nothing" : string.Join(", ", users.Select(user => user.Name));
        throw image.Unexpected(
            $"it takes {names} from {Version}; only a library that takes {Symbol} alone can run with an older {Library}");
    }

    static ElfSection EmptyFiniOf(ElfImage image)
    {
        if (image.Section(".fini") is not { } fini)
            throw image.Unexpected("it has no .fini section to bind the marker to");

        var code = image.Content(fini);
        if (!code.SequenceEqual(EmptyFini) && !code.SequenceEqual(EmptyFini.Skip(4)))
            throw image.Unexpected($"its .fini is not the empty function: {BitConverter.ToString(code)}");

        return fini;
    }

    static void Write(byte[] bytes, int offset, ulong value, int length)
    {
        for (var index = 0; index < length; index++)
            bytes[offset + index] = (byte)(value >> (8 * index));
    }
}
