using System.Diagnostics;
using System.Globalization;

namespace OptBias.Runtime.Tests;

/// <summary>A process that is killed while it saves loses nothing that it has said is saved. OPTBIAS_KILLS sets how many are killed.</summary>
public sealed class KillTests : IDisposable
{
    private const int Usual = 3;

    /// <summary>The longest that a process is left alone after its first save; a save takes a few milliseconds.</summary>
    private const int MostMilliseconds = 60;

    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("OPTBIAS_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var kills) ? kills : Usual;

    private readonly Folder folder = new();

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public void A_process_that_is_killed_while_saving_leaves_the_last_checkpoint_whole()
    {
        var path = this.folder["run.safetensors"];
        var random = new Random(1);
        var last = 0L;
        for (var kill = 0; kill < Kills; kill++)
        {
            last = SaveUntilKilled(path, TimeSpan.FromMilliseconds(random.Next(MostMilliseconds)));
            using var optimizer = KilledWriter.Make();
            optimizer.Load(path);

            // What it said is there; the one that it was about to say may be.
            Assert.InRange(optimizer.States.Single().Step, last, last + 1);
        }

        using var survivor = KilledWriter.Make();
        survivor.Load(path);
        survivor.Save(path);
        Assert.Equal(["run.safetensors"], this.folder.Files);
    }

    /// <summary>Starts a process that saves without end, kills it, and returns the last step that it said to be saved.</summary>
    private static long SaveUntilKilled(string path, TimeSpan after)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(KilledWriter).Assembly.Location, KilledWriter.Command, path])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var first = process.StandardOutput.ReadLine();
        if (first is null)
            Assert.Fail(error.Result);
        Thread.Sleep(after);
        process.Kill();
        process.WaitForExit();
        var lines = (first + "\n" + process.StandardOutput.ReadToEnd()).Split('\n');

        // The last piece has no end of line: it may be half a number.
        return long.Parse(lines[^2], CultureInfo.InvariantCulture);
    }
}
