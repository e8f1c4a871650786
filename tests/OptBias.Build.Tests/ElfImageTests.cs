namespace OptBias.Build.Tests;

public class ElfImageTests
{
    [Fact]
    public void A_file_that_is_no_ELF_is_named_as_such() =>
        AssertRefused("MZ this is a Windows library"u8.ToArray(), "it is not an ELF file");

    [Fact]
    public void An_empty_file_is_named_as_such() =>
        AssertRefused([], "it is not an ELF file");

    [Fact]
    public void A_32_bit_library_is_named_as_such() =>
        AssertRefused(With(4, 1), "ELF class 1 (1 is 32-bit)");

    [Fact]
    public void A_big_endian_library_is_named_as_such() =>
        AssertRefused(With(5, 2), "byte order 2 (2 is big-endian)");

    [Fact]
    public void A_program_is_named_as_such() =>
        AssertRefused(With(0x10, 2), "ELF file type 2; expected 3, a shared library");

    [Fact]
    public void A_library_of_another_machine_is_named_as_such() =>
        AssertRefused(With(0x12, 183), "machine 183; expected 62");

    [Fact]
    public void A_library_without_section_headers_is_named_as_such() =>
        AssertRefused(With(0x3c, 0), "no section headers");

    [Fact]
    public void A_library_cut_anywhere_is_called_truncated_and_never_patched()
    {
        var library = SmallElf.WithMarker().Write();
        for (var length = 4; length < library.Length; length++)
        {
            var exception = Assert.Throws<UnexpectedElfException>(
                () => GlibcxxVersionPatch.Apply(library[..length], "cut.so"));
            Assert.StartsWith("cut.so: the file is truncated", exception.Message);
        }
    }

    [Fact]
    public void A_damaged_library_is_refused_or_read_but_never_crashes_the_reader()
    {
        var library = SmallElf.WithMarker().Write();
        var random = new Random(20240817);
        var refused = 0;
        for (var round = 0; round < 2_000; round++)
        {
            var damaged = (byte[])library.Clone();
            for (var hit = 0; hit < 3; hit++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);

            try
            {
                Assert.Equal(damaged.Length, GlibcxxVersionPatch.Apply(damaged, "damaged.so").Length);
            }
            catch (UnexpectedElfException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 2_000);
    }

    [Fact]
    public void Defined_versions_are_read()
    {
        var library = new SmallElf { Defined = ["libstdc++.so.6", "GLIBCXX_3.4", "GLIBCXX_3.4.32"] }.Write();

        Assert.Equal(
            ["libstdc++.so.6", "GLIBCXX_3.4", "GLIBCXX_3.4.32"],
            ElfImage.Read(library, "small.so").DefinedVersions());
    }

    static byte[] With(int offset, byte value)
    {
        var library = SmallElf.WithMarker().Write();
        library[offset] = value;
        return library;
    }

    static void AssertRefused(byte[] library, string message)
    {
        var exception = Assert.Throws<UnexpectedElfException>(() => GlibcxxVersionPatch.Apply(library, "some.so"));
        Assert.StartsWith("some.so: ", exception.Message);
        Assert.Contains(message, exception.Message);
    }
}
