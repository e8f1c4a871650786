using System.Diagnostics;
using System.Globalization;
using OptBias.Lab.Storage;
using OptBias.Lab.Tests.Commands;
using OptBias.Lab.Tests.Training;
using Xunit.Abstractions;

namespace OptBias.Lab.Tests.Sweeps;

/// <summary>
/// What it costs to read a folder of many runs. The usual run has 2,000; <c>OPTBIAS_SCALE=1000,10000,100000</c> measures as many and prints
/// the table of docs/scaling.md.
/// </summary>
public sealed class ScaleTests(SmallDigits digits, ITestOutputHelper output) : IClassFixture<SmallDigits>, IDisposable
{
    private const double MostSeconds = 60;
    private const double MostGigabytes = 2;
    private readonly TemporaryDirectory directory = new();

    private static string[] Sizes => (System.Environment.GetEnvironmentVariable("OPTBIAS_SCALE") ?? "2000").Split(',');

    public void Dispose() => this.directory.Dispose();

    [SkippableFact]
    public void Status_report_and_select_read_a_large_folder_within_a_minute_and_two_gigabytes()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "peak memory of another process");
        foreach (var size in Sizes)
        {
            var folder = Path.Combine(this.directory.Path, size);
            var runs = SyntheticFolder.Make(folder, digits.Data, int.Parse(size, CultureInfo.InvariantCulture));
            var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => new FileInfo(f)).ToArray();
            output.WriteLine($"{runs} runs: {files.Length} files, {files.Sum(f => f.Length) / 1e6:0} MB");
            this.Measure("status", folder);
            this.Measure("report", folder);
            this.Measure("select", folder, "--wish", "forgetting<0.2", "--wish", "hoyer>0.2", "--out", Path.Combine(folder, "select"));
        }
    }

    private void Measure(string command, string folder, params string[] more)
    {
        var watch = Stopwatch.StartNew();
        using var process = new LaboratoryProcess(this.directory.Path, [command, folder, .. more]);
        var peak = 0L;
        var processor = TimeSpan.Zero;
        using (var watched = Process.GetProcessById(process.Id))
        {
            while (!watched.HasExited)
            {
                peak = Math.Max(peak, Peak(process.Id));
                processor = Processor(watched, processor);
                Thread.Sleep(20);
            }
        }

        var (exit, said, error) = process.Wait();
        Assert.True(exit == 0, said + error);
        output.WriteLine($"  {command}: {watch.Elapsed.TotalSeconds:0.0} s, {processor.TotalSeconds:0.0} s of a core, {peak / 1e9:0.00} GB");
        // Seconds of a core: what else a machine does must not decide.
        Assert.InRange(processor.TotalSeconds, 0, MostSeconds);
        Assert.InRange(peak / 1e9, 0, MostGigabytes);
    }

    private static TimeSpan Processor(Process process, TimeSpan before)
    {
        try
        {
            return process.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            return before;
        }
    }

    /// <summary>The most memory that a process has held, in bytes.</summary>
    private static long Peak(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
