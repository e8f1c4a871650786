using System.Buffers.Binary;

namespace OptBias.Build.Tests;

public class GlibcxxVersionPatchTests
{
    [Fact]
    public void The_marker_is_bound_to_the_librarys_own_empty_fini()
    {
        var original = SmallElf.WithMarker().Write();
        var patched = GlibcxxVersionPatch.Apply(original, "small.so");

        AssertMarkerIsBound(original, patched);
    }

    [Fact]
    public void The_version_becomes_weak_and_the_others_stay_strong()
    {
        var patched = GlibcxxVersionPatch.Apply(SmallElf.WithMarker().Write(), "small.so");

        var needed = ElfImage.Read(patched, "small.so").NeededVersions();
        Assert.Equal(
            [("GLIBCXX_3.4", false), ("GLIBCXX_3.4.32", true)],
            needed.Select(version => (version.Version, version.IsWeak)));
    }

    [Fact]
    public void No_other_byte_is_touched_and_the_original_array_not_at_all()
    {
        var original = SmallElf.WithMarker().Write();
        var before = (byte[])original.Clone();
        var patched = GlibcxxVersionPatch.Apply(original, "small.so");

        Assert.Equal(before, original);
        AssertOnlyTheThreePlacesDiffer(original, patched);
    }

    [Fact]
    public void The_library_of_the_package_is_patched_in_the_three_places_only()
    {
        var original = File.ReadAllBytes(TorchSharpPackage.Library);
        var patched = GlibcxxVersionPatch.Apply(original, TorchSharpPackage.Library);

        AssertMarkerIsBound(original, patched);
        AssertOnlyTheThreePlacesDiffer(original, patched);
    }

    [Fact]
    public void A_library_that_does_not_need_the_version_is_left_alone()
    {
        var library = new SmallElf { Symbols = [("_ZNSt8ios_baseD2Ev", 2)], Needed = [("GLIBCXX_3.4", 2)] }.Write();

        Assert.Same(library, GlibcxxVersionPatch.Apply(library, "small.so"));
    }

    [Fact]
    public void A_library_that_needs_no_version_at_all_is_left_alone()
    {
        var library = new SmallElf().Write();

        Assert.Same(library, GlibcxxVersionPatch.Apply(library, "small.so"));
    }

    [Fact]
    public void A_patched_library_is_left_alone()
    {
        var patched = GlibcxxVersionPatch.Apply(SmallElf.WithMarker().Write(), "small.so");

        Assert.Same(patched, GlibcxxVersionPatch.Apply(patched, "small.so"));
    }

    [Fact]
    public void A_library_that_takes_more_than_the_marker_is_refused_with_the_symbols()
    {
        var library = SmallElf.WithMarker();
        library.Symbols.Add(("_ZNSt5othernewEv", 3));

        var exception = Assert.Throws<UnexpectedElfException>(() => GlibcxxVersionPatch.Apply(library.Write(), "small.so"));

        Assert.Contains("small.so", exception.Message);
        Assert.Contains($"{SmallElf.Marker}, _ZNSt5othernewEv", exception.Message);
    }

    [Fact]
    public void A_fini_that_does_something_is_refused()
    {
        var library = new SmallElf
        {
            Symbols = [(SmallElf.Marker, 3)],
            Needed = [("GLIBCXX_3.4.32", 3)],
            Fini = [0xe8, 0x00, 0x00, 0x00, 0x00, 0xc3],
        };

        var exception = Assert.Throws<UnexpectedElfException>(() => GlibcxxVersionPatch.Apply(library.Write(), "small.so"));

        Assert.Contains("E8-00-00-00-00-C3", exception.Message);
    }

    static void AssertMarkerIsBound(byte[] original, byte[] patched)
    {
        var marker = Marker(original);
        var fini = ElfImage.Read(original, "original").Section(".fini")!;

        Assert.Equal(2, patched[marker.Offset + 5]);
        Assert.Equal(fini.Index, BinaryPrimitives.ReadUInt16LittleEndian(patched.AsSpan(marker.Offset + 6)));
        Assert.Equal(fini.Address, BinaryPrimitives.ReadUInt64LittleEndian(patched.AsSpan(marker.Offset + 8)));
        Assert.Equal(1, BinaryPrimitives.ReadUInt16LittleEndian(patched.AsSpan(marker.VersionOffset)));
        Assert.NotEqual(0ul, fini.Address);
    }

    static void AssertOnlyTheThreePlacesDiffer(byte[] original, byte[] patched)
    {
        var marker = Marker(original);
        var flags = ElfImage.Read(original, "original").NeededVersions()
            .Single(version => version.Version == "GLIBCXX_3.4.32").FlagsOffset;
        IEnumerable<int> allowed =
        [
            .. Enumerable.Range(marker.Offset + 5, 11), .. Enumerable.Range(marker.VersionOffset, 2), flags, flags + 1,
        ];

        Assert.Equal(original.Length, patched.Length);
        var different = Enumerable.Range(0, original.Length).Where(at => original[at] != patched[at]).ToList();
        Assert.NotEmpty(different);
        Assert.Empty(different.Except(allowed));
    }

    static ElfDynamicSymbol Marker(byte[] library) =>
        ElfImage.Read(library, "original").DynamicSymbols().Single(symbol => symbol.Name == SmallElf.Marker);
}
