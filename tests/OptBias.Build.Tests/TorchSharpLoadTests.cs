using TorchSharp;

namespace OptBias.Build.Tests;

public class TorchSharpLoadTests
{
    [Fact]
    public void TorchSharp_loads_on_this_system_and_computes()
    {
        using var ones = torch.ones(3);
        using var sum = ones.sum();

        Assert.Equal(3f, sum.item<float>());
    }

    [SkippableFact]
    public void The_library_that_is_loaded_is_the_one_that_fits_this_system()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "only Linux's library is adapted");
        using var loaded = torch.ones(1);

        var path = File.ReadLines("/proc/self/maps").First(line => line.EndsWith("libLibTorchSharp.so", StringComparison.Ordinal));
        var library = File.ReadAllBytes(path[path.IndexOf('/')..]);
        var original = File.ReadAllBytes(TorchSharpPackage.Library);
        var system = SystemLibraryVersions.OfThisMachine().Find(GlibcxxVersionPatch.Library)!.Value.Versions;
        var expected = system.Contains(GlibcxxVersionPatch.Version)
            ? original
            : GlibcxxVersionPatch.Apply(original, "libLibTorchSharp.so");

        Assert.True(library.AsSpan().SequenceEqual(expected));
    }
}
