using System.Buffers.Binary;
using System.Text;

namespace OptBias.Build.Tests;

public sealed class SystemLibraryVersionsTests : IDisposable
{
    const string Library = "libstdc++.so.6";

    readonly string root = Directory.CreateTempSubdirectory("optbias-").FullName;

    public void Dispose() => Directory.Delete(this.root, recursive: true);

    [Fact]
    public void The_library_path_wins_over_the_cache_and_the_cache_over_the_standard_directories()
    {
        var fromPath = this.Place("path", "GLIBCXX_3.4.32");
        var fromCache = this.Place("cached", "GLIBCXX_3.4.30");
        var standard = this.Place("standard", "GLIBCXX_3.4.29");
        var cache = this.Cache(("libc.so.6", "/nowhere/libc.so.6"), (Library, fromCache));

        Assert.Equal(fromPath, this.Find(Path.GetDirectoryName(fromPath), cache, standard)!.Value.Path);
        Assert.Equal(fromCache, this.Find(null, cache, standard)!.Value.Path);
        Assert.Equal(standard, this.Find(null, "no-cache", standard)!.Value.Path);
    }

    [Fact]
    public void The_versions_are_those_that_the_library_defines()
    {
        var standard = this.Place("standard", "GLIBCXX_3.4.29", "GLIBCXX_3.4.30");

        Assert.Equal(["GLIBCXX_3.4.29", "GLIBCXX_3.4.30"], this.Find(null, "no-cache", standard)!.Value.Versions);
    }

    [Fact]
    public void A_file_that_is_not_a_64_bit_library_is_passed_over()
    {
        var script = this.Place("path", "unused");
        File.WriteAllText(script, "INPUT(-lstdc++)");
        var standard = this.Place("standard", "GLIBCXX_3.4.30");

        Assert.Equal(standard, this.Find(Path.GetDirectoryName(script), "no-cache", standard)!.Value.Path);
    }

    [Fact]
    public void Nothing_found_is_null() => Assert.Null(this.Find(null, "no-cache", Path.Combine(this.root, "empty", Library)));

    [Fact]
    public void A_cut_cache_is_passed_over()
    {
        var standard = this.Place("standard", "GLIBCXX_3.4.30");
        var cache = this.Cache((Library, "/nowhere"));
        File.WriteAllBytes(cache, File.ReadAllBytes(cache)[..60]);

        Assert.Equal(standard, this.Find(null, cache, standard)!.Value.Path);
    }

    [SkippableFact]
    public void This_systems_library_is_found()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "libstdc++.so.6 is Linux's");

        var found = SystemLibraryVersions.OfThisMachine().Find(Library);

        Assert.NotNull(found);
        Assert.Contains("GLIBCXX_3.4", found.Value.Versions);
    }

    (string Path, IReadOnlyCollection<string> Versions)? Find(string? libraryPath, string cache, string standard) =>
        new SystemLibraryVersions(libraryPath, cache, [Path.GetDirectoryName(standard)!]).Find(Library);

    string Place(string directory, params string[] versions)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(this.root, directory)).FullName, Library);
        File.WriteAllBytes(path, new SmallElf { Defined = [.. versions] }.Write());
        return path;
    }

    /// <summary>A loader cache that follows an older one, as ldconfig writes it in its compatible format.</summary>
    string Cache(params (string Name, string Path)[] libraries)
    {
        const int start = 16;
        var strings = new List<byte>();
        var entries = new byte[48 + 24 * libraries.Length];
        Encoding.ASCII.GetBytes("glibc-ld.so.cache1.1").CopyTo(entries, 0);
        BinaryPrimitives.WriteInt32LittleEndian(entries.AsSpan(20), libraries.Length);
        for (var index = 0; index < libraries.Length; index++)
        {
            var entry = entries.AsSpan(48 + 24 * index);
            BinaryPrimitives.WriteInt32LittleEndian(entry, 0x303);
            BinaryPrimitives.WriteInt32LittleEndian(entry[4..], entries.Length + strings.Count);
            strings.AddRange(Encoding.ASCII.GetBytes(libraries[index].Name + '\0'));
            BinaryPrimitives.WriteInt32LittleEndian(entry[8..], entries.Length + strings.Count);
            strings.AddRange(Encoding.ASCII.GetBytes(libraries[index].Path + '\0'));
        }

        var path = Path.Combine(this.root, "ld.so.cache");
        File.WriteAllBytes(path, [.. Encoding.ASCII.GetBytes("ld.so-1.7.0\0"), 0, 0, 0, 0, .. entries, .. strings]);
        Assert.Equal(start, File.ReadAllBytes(path).AsSpan().IndexOf("glibc-ld"u8));
        return path;
    }
}
