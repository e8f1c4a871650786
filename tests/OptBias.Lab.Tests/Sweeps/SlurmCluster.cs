using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace OptBias.Lab.Tests.Sweeps;

/// <summary>A Slurm cluster of one node on this machine, from Debian's packages, for the time of a test.</summary>
internal sealed class SlurmCluster : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private SlurmCluster()
    {
    }

    /// <summary>Starts one; null, with the reason, where Slurm is not installed or this is not root.</summary>
    public static SlurmCluster? Start(out string? reason)
    {
        var cluster = new SlurmCluster();
        var (code, output, error) = Run(Path.Combine(Scripts(), "start"), cluster.directory.Path);
        reason = code == 0 ? null : error.Trim();
        if (code == 3)
            return null;
        Assert.True(code == 0, output + error);
        // Slurm's programs, which this process and those that it starts call, find their cluster by it.
        System.Environment.SetEnvironmentVariable("SLURM_CONF", Path.Combine(cluster.directory.Path, "slurm.conf"));
        return cluster;
    }

    public string Log => string.Concat(Directory.EnumerateFiles(Path.Combine(this.directory.Path, "log")).Select(File.ReadAllText));

    public void StopController()
    {
        var pid = int.Parse(File.ReadAllText(Path.Combine(this.directory.Path, "slurmctld.pid")));
        Run("kill", $"{pid}");
        Assert.True(SpinWait.SpinUntil(() => !Directory.Exists($"/proc/{pid}") || File.ReadAllText($"/proc/{pid}/stat").Contains(") Z", StringComparison.Ordinal), TimeSpan.FromSeconds(30)), "the controller does not stop");
    }

    public static void StartController() => Assert.Equal(0, Run("/usr/sbin/slurmctld").Code);

    /// <summary>Runs a program to its end.</summary>
    public static (int Code, string Output, string Error) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    public void Dispose()
    {
        Run(Path.Combine(Scripts(), "stop"), this.directory.Path);
        System.Environment.SetEnvironmentVariable("SLURM_CONF", null);
        this.directory.Dispose();
    }

    private static string Scripts([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "slurm"));
}
