using OptBias.Lab.Storage;

namespace OptBias.Lab.Tests.Commands;

public sealed class ResumeTests : IDisposable
{
    private static readonly string[] Command = ["run", "--optimizers", "Sgd", "--seeds", "1", "--jobs", "1"];
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => this.directory.Dispose();

    [SkippableFact]
    public void A_run_killed_in_the_middle_of_a_write_goes_on_where_it_stopped_and_ends_with_the_same_numbers()
    {
        Skip.If(OperatingSystem.IsWindows(), "kill -9");
        var killed = Directory.CreateDirectory(Path.Combine(this.directory.Path, "killed")).FullName;
        var whole = Directory.CreateDirectory(Path.Combine(this.directory.Path, "whole")).FullName;
        for (var kill = 0; kill < 3; kill++)
            KillWhileItWrites(killed);

        var results = Path.Combine(killed, "results", "class-incremental");
        var kept = Directory.GetFiles(Path.Combine(results, "runs"), "*.json").ToDictionary(f => f, File.GetLastWriteTimeUtc);
        var (exit, output, error) = LaboratoryProcess.Run(killed, Command);
        Assert.True(exit == 0, error);
        Assert.All(kept, file => Assert.Equal(file.Value, File.GetLastWriteTimeUtc(file.Key)));
        if (kept.Count > 0)
            Assert.Contains("done before", output);
        Assert.Empty(Directory.GetFiles(results, "*" + DurableFile.UnfinishedExtension, SearchOption.AllDirectories));

        Assert.Equal(0, LaboratoryProcess.Run(whole, Command).ExitCode);
        Assert.Equal(Numbers(whole), Numbers(killed));
    }

    [SkippableTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void Ctrl_C_and_a_polite_kill_keep_what_is_finished_and_say_how_to_go_on(string signal)
    {
        Skip.If(OperatingSystem.IsWindows(), "signals");
        Skip.If(signal == "INT" && IgnoresInterrupts(), "these tests were started in the background, where shells have processes ignore Ctrl-C");
        var runs = Directory.CreateDirectory(Path.Combine(this.directory.Path, "results", "class-incremental", "runs")).FullName;
        using var process = new LaboratoryProcess(this.directory.Path, Command);
        Assert.True(SpinWait.SpinUntil(() => Directory.GetFiles(runs, "*.json").Length > 0, TimeSpan.FromMinutes(3)), "the process never wrote a run");
        System.Diagnostics.Process.Start("kill", [$"-{signal}", $"{process.Id}"]).WaitForExit();
        var (exit, _, error) = process.Wait();
        Assert.Equal(130, exit);
        Assert.Matches(@"^Stopped\. \d+ of \d+ runs are kept in .*; the same command goes on\.\s*$", error);
        Assert.Empty(Directory.GetFiles(runs, "*" + DurableFile.UnfinishedExtension));
        using var store = RunStore.OpenExisting(Path.Combine(this.directory.Path, "results", "class-incremental"));
        Assert.NotEmpty(store.Records);
    }

    /// <summary>Whether this process, and so those that it starts, has SIGINT ignored (bit 1 of the mask).</summary>
    private static bool IgnoresInterrupts() => File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } line
        && (Convert.ToUInt64(line["SigIgn:".Length..].Trim(), 16) & 2) != 0;

    /// <summary>Kills the process at the moment at which a run's file has been begun and is not yet there.</summary>
    private static void KillWhileItWrites(string workingDirectory)
    {
        var runs = Directory.CreateDirectory(Path.Combine(workingDirectory, "results", "class-incremental", "runs")).FullName;
        var before = Directory.GetFiles(runs, "*.json").Length;
        using var process = new LaboratoryProcess(workingDirectory, Command);
        using var watcher = new FileSystemWatcher(runs, "*" + DurableFile.UnfinishedExtension);
        using var killed = new ManualResetEventSlim();
        watcher.Created += (_, _) =>
        {
            // The first write of a process may go through, so that there is something to go on with.
            if (Directory.GetFiles(runs, "*.json").Length <= before)
                return;
            process.Kill();
            killed.Set();
        };
        watcher.EnableRaisingEvents = true;
        Assert.True(killed.Wait(TimeSpan.FromMinutes(3)), "the process never wrote a second run");
        process.Wait();
    }

    private static SortedDictionary<string, string> Numbers(string workingDirectory)
    {
        using var store = RunStore.OpenExisting(Path.Combine(workingDirectory, "results", "class-incremental"));
        return new(store.Records.ToDictionary(r => r.Key, r => string.Join(' ',
            r.Metrics.Where(m => !m.Key.StartsWith("seconds", StringComparison.Ordinal)).OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => FormattableString.Invariant($"{m.Key}={m.Value:R}")))),
            StringComparer.Ordinal);
    }
}
