using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using OptBias.GpuCheck.Devices;
using OptBias.GpuCheck.Natives;

namespace OptBias.GpuCheck.Benchmark;

/// <summary>PyTorch in a process of its own, which measures its optimizer when it is told to; between requests it does nothing.</summary>
internal sealed class PyTorchPeer : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly string script;

    private PyTorchPeer(Process process, string script, string version)
    {
        (this.process, this.script, this.Version) = (process, script, version);
    }

    /// <summary>As in "PyTorch 2.10.0+cu128, Python 3.12.3".</summary>
    public string Version { get; }

    /// <summary>Starts it.</summary>
    /// <param name="python">The interpreter.</param>
    /// <param name="target">The device.</param>
    /// <param name="problem">Why there is none, if there is none.</param>
    public static PyTorchPeer? Start(string python, Target target, out string? problem)
    {
        var script = Path.Combine(Path.GetTempPath(), $"optbias-gpu-check-{Environment.ProcessId}.py");
        using (var source = typeof(PyTorchPeer).Assembly.GetManifestResourceStream("OptBias.GpuCheck.peer.py")!)
        using (var file = File.Create(script))
            source.CopyTo(file);
        Process? process = null;
        try
        {
            var start = new ProcessStartInfo(python, ["-u", script, target.Name]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            if (OtherLibTorch.Folder is not null)
                start.Environment["LD_LIBRARY_PATH"] = OtherLibTorch.LoaderPathOfOthers;
            process = Process.Start(start)!;
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            var hello = Read(process, StartLimit);
            problem = null;
            return new PyTorchPeer(process, script, $"PyTorch {hello["torch"]}, Python {hello["python"]}");
        }
        catch (Win32Exception)
        {
            problem = $"there is no program '{python}'; --python can name one";
        }
        catch (PeerException failure)
        {
            problem = $"{python}: {failure.Message}";
        }

        End(process, script);
        return null;
    }

    /// <summary>Makes parameters, and for each mode an optimizer on them.</summary>
    /// <returns>For each mode why it cannot be measured; null if it can.</returns>
    /// <exception cref="PeerException">It failed as a whole.</exception>
    public IReadOnlyDictionary<string, string?> Open(BenchmarkWork work, IReadOnlyDictionary<string, JsonObject> modes)
    {
        var answer = this.Ask(new JsonObject
        {
            ["op"] = "open",
            ["shapes"] = JsonSerializer.SerializeToNode(work.Shapes),
            ["modes"] = new JsonObject(modes.Select(mode => KeyValuePair.Create(mode.Key, (JsonNode?)mode.Value.DeepClone()))),
        });
        return answer["problems"]!.AsObject().ToDictionary(p => p.Key, p => (string?)p.Value);
    }

    /// <summary>Seconds that so many steps of a mode take, from an idle device to an idle device.</summary>
    public double Run(string mode, int repeats) => (double)this.Ask(new JsonObject { ["op"] = "run", ["mode"] = mode, ["repeats"] = repeats })["seconds"]!;

    /// <summary>Gives memory back.</summary>
    public void Close() => this.Ask(new JsonObject { ["op"] = "close" });

    /// <inheritdoc/>
    public void Dispose() => End(this.process, this.script);

    private static void End(Process? process, string script)
    {
        File.Delete(script);
        if (process is null)
            return;
        using (process)
        {
            try
            {
                // At the end of its input it ends by itself.
                process.StandardInput.Close();
                if (!process.WaitForExit(TimeSpan.FromSeconds(10)))
                    process.Kill(entireProcessTree: true);
            }
            catch (Exception gone) when (gone is InvalidOperationException or IOException)
            {
            }
        }
    }

    private static JsonNode Read(Process process, TimeSpan limit)
    {
        var line = process.StandardOutput.ReadLineAsync();
        if (!line.Wait(limit))
            throw new PeerException($"it has not answered for {limit.TotalSeconds:0} s");
        if (line.Result is not { } text)
            throw new PeerException("it ended without an answer");
        try
        {
            var answer = JsonNode.Parse(text) ?? throw new JsonException();
            return answer["error"] is { } error ? throw new PeerException((string)error!) : answer;
        }
        catch (JsonException)
        {
            throw new PeerException($"it answered '{text}'");
        }
    }

    private JsonNode Ask(JsonObject request)
    {
        try
        {
            this.process.StandardInput.WriteLine(request.ToJsonString());
            this.process.StandardInput.Flush();
        }
        catch (IOException failure)
        {
            throw new PeerException($"it takes no requests any more: {failure.Message}");
        }

        return Read(this.process, RequestLimit);
    }
}

/// <summary>The other process could not do what it was asked for.</summary>
internal sealed class PeerException(string message) : Exception(message);
