using System.Diagnostics;
using System.Globalization;

namespace OptBias.Runtime.Tests;

/// <summary>
/// A process that is killed loses nothing that it has said is saved, and what is there is what a process that nobody killed has, bit for
/// bit. OPTBIAS_KILLS sets how many are killed; docs/testing.md has the command.
/// </summary>
public sealed class KillTests : IDisposable
{
    private const int Usual = 3;

    /// <summary>The longest that a process is left alone after its first save; a save takes a few milliseconds.</summary>
    private const int MostMilliseconds = 60;

    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("OPTBIAS_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var kills) ? kills : Usual;

    private readonly Folder folder = new();

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public void A_process_that_is_killed_while_saving_leaves_the_last_checkpoint_whole() => this.Kill(KilledWriter.Saving);

    [Fact]
    public void A_process_that_is_killed_while_stepping_goes_on_from_its_last_checkpoint() => this.Kill(KilledWriter.Stepping);

    private void Kill(string command)
    {
        var path = this.folder["run.safetensors"];
        var random = new Random(1);
        var every = KilledWriter.Every(command);
        using var undisturbed = KilledWriter.Make(command);
        for (var kill = 0; kill < Kills; kill++)
        {
            var last = RunUntilKilled(command, path, TimeSpan.FromMilliseconds(random.Next(MostMilliseconds)));
            using var optimizer = KilledWriter.Make(command);
            optimizer.Load(path);

            // What it said is there; the one that it was about to say may be.
            var step = optimizer.States.First().Step;
            Assert.True(step == last || step == last + every, $"kill {kill}: the file has step {step}, and {last} was said to be saved");
            KilledWriter.Run(undisturbed, step);
            Assert.True(Bits.Of(undisturbed) == Bits.Of(optimizer), $"kill {kill}: step {step} has other bits than without kills");
        }

        using var survivor = KilledWriter.Make(command);
        survivor.Load(path);
        survivor.Save(path);
        Assert.Equal(["run.safetensors"], this.folder.Files);
    }

    /// <summary>Starts a process that steps and saves without end, kills it, and returns the last step that it said to be saved.</summary>
    private static long RunUntilKilled(string command, string path, TimeSpan after)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(KilledWriter).Assembly.Location, command, path])
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
