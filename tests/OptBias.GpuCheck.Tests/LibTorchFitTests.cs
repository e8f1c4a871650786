using OptBias.GpuCheck.Natives;
using OptBias.GpuCheck.Results;

namespace OptBias.GpuCheck.Tests;

/// <summary>Whether TorchSharp's library fits a libtorch is told from the files: here those of the packages, which are real ones.</summary>
public sealed class LibTorchFitTests
{
    /// <summary>The folder with the package's libtorch, and TorchSharp's library in it or beside it.</summary>
    private static string Natives => Path.GetDirectoryName(OtherLibTorch.TorchSharpLibrary())!;

    [SkippableFact]
    public void The_library_fits_the_libtorch_that_it_is_packaged_for()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "ELF files are Linux's");
        var fit = LibTorchFit.Of(OtherLibTorch.TorchSharpLibrary(), Natives);
        Assert.True(fit.Fits, string.Join('\n', fit.Problems()));
        Assert.Superset(new HashSet<string> { "libtorch.so", "libtorch_cpu.so", "libc10.so" }, fit.Libraries.ToHashSet());
        Assert.Empty(fit.Problems());
    }

    [SkippableFact]
    public void Symbols_of_libtorch_are_wanted_and_those_of_the_system_are_not()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "ELF files are Linux's");
        var library = SharedLibrary.Read(OtherLibTorch.TorchSharpLibrary());
        Assert.InRange(library.Wanted.Count, 1000, 10_000);
        Assert.All(library.Wanted, symbol => Assert.StartsWith("_Z", symbol, StringComparison.Ordinal));
        Assert.Contains("libstdc++.so.6", library.Needed);
        Assert.Contains("THSTensor_data", library.Offered);
        Assert.DoesNotContain("THSTensor_data", library.Wanted);
    }

    [SkippableFact]
    public void What_a_libtorch_lacks_is_named_as_it_was_written_in_Cpp()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "ELF files are Linux's");
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "libtorch.so", "libc10.so" })
            File.CreateSymbolicLink(folder.File(name), Path.Combine(Natives, name));

        var fit = LibTorchFit.Of(OtherLibTorch.TorchSharpLibrary(), folder.Path);
        Assert.False(fit.Fits);
        Assert.Equal(["libtorch_cpu.so"], fit.MissingLibraries);
        Assert.InRange(fit.MissingSymbols.Count, 500, 10_000);
        Assert.Contains(fit.Problems(), problem => problem.StartsWith("missing symbol: at::_ops::", StringComparison.Ordinal) && problem.Contains("at::Tensor const&", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void A_libtorch_that_does_not_fit_is_not_loaded()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "ELF files are Linux's");
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.File("libtorch.so"), Path.Combine(Natives, "libtorch.so"));
        var (code, output, error) = CheckProcess.Run("--libtorch", folder.Path, "--dry-run");
        Assert.Equal((int)ExitCode.LibTorchDoesNotFit, code);
        Assert.Contains($"{folder.Path} has no libc10.so", error, StringComparison.Ordinal);
        Assert.Contains("missing symbol: at::", error, StringComparison.Ordinal);
        Assert.EndsWith("Nothing was loaded.", error.TrimEnd(), StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [SkippableFact]
    public void The_check_runs_on_the_libtorch_of_another_folder()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "ELF files are Linux's");
        using var folder = new TemporaryFolder();
        using var results = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(Natives).Where(file => Path.GetFileName(file) != "libLibTorchSharp.so"))
            File.CreateSymbolicLink(folder.File(Path.GetFileName(file)), file);

        // A file of its own, so that the list of loaded files shows where it was taken from.
        File.Delete(folder.File("libc10.so"));
        File.Copy(Path.Combine(Natives, "libc10.so"), folder.File("libc10.so"));
        var (code, output, error) = CheckProcess.Run("--libtorch", folder.Path, "--dry-run", "--only", "parity", "--optimizers", "Sgd", "--out", results.Path);
        Assert.True(code == 0, output + error);
        Assert.Contains("4 of 4 agree", output, StringComparison.Ordinal);
        var report = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(results.File("gpu-check.json")))!;
        Assert.Equal(folder.Path, (string?)report["libTorch"]);

        Assert.Contains(folder.Path, (string?)report["findings"]![2]!["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text", "is not a 64-bit little-endian ELF library")]
    [InlineData("", "should be 64 bytes at 0, but the file has 0")]
    public void What_is_no_library_is_named(string content, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("libtorch.so"), content.PadRight(content.Length > 0 ? 100 : 0));
        var failure = Assert.Throws<InvalidDataException>(() => SharedLibrary.Read(folder.File("libtorch.so")));
        Assert.StartsWith(folder.File("libtorch.so"), failure.Message, StringComparison.Ordinal);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }
}
