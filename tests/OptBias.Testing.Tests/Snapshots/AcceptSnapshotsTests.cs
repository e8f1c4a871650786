using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace OptBias.Testing.Tests;

/// <summary>tools/accept-snapshots, on files as either engine leaves them.</summary>
public sealed class AcceptSnapshotsTests
{
    [SkippableTheory]
    [InlineData("A.M#X.g.received.cs", "A.M#X.g.verified.cs")]
    [InlineData("A.M_case.received.txt", "A.M_case.verified.txt")]
    [InlineData("A.M.DotNet10_0#X.g.received.cs", "A.M#X.g.verified.cs")]
    [InlineData("A.M_case.DotNet8_0.received.txt", "A.M_case.verified.txt")]
    [InlineData("A.M.Net4_8#X.received.cu", "A.M#X.verified.cu")]
    public async Task What_was_received_becomes_the_file_that_the_next_run_reads(string received, string verified)
    {
        Skip.If(OperatingSystem.IsWindows(), "a shell script");
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder[received], "new");
        await Accept(folder);
        Assert.Equal([verified], Files(folder));
    }

    [SkippableFact]
    public async Task A_snapshot_for_each_framework_stays_one()
    {
        Skip.If(OperatingSystem.IsWindows(), "a shell script");
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["A.M.DotNet10_0#X.verified.cs"], "old");
        File.WriteAllText(folder["A.M.DotNet10_0#X.received.cs"], "new");
        await Accept(folder);
        Assert.Equal(["A.M.DotNet10_0#X.verified.cs"], Files(folder));
        Assert.Equal("new", File.ReadAllText(folder["A.M.DotNet10_0#X.verified.cs"]));
    }

    private static async Task Accept(TemporaryFolder folder, [CallerFilePath] string here = "")
    {
        var tool = Path.GetFullPath("../../../tools/accept-snapshots", Path.GetDirectoryName(here)!);
        using var process = Process.Start("bash", [tool, folder.FullName]);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private static IEnumerable<string> Files(TemporaryFolder folder) => Directory.GetFiles(folder.FullName).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal);
}
