using System.Text.Json.Nodes;
using OptBias.GpuCheck.Devices;
using OptBias.GpuCheck.Results;

namespace OptBias.GpuCheck.Tests;

/// <summary>The check as a user runs it, on the CPU.</summary>
public sealed class CommandLineTests
{
    [SkippableFact]
    public void Without_a_GPU_it_says_what_was_looked_for()
    {
        Skip.If(GpuSearch.Run().Count > 0, "There is a GPU.");
        var (code, output, _) = CheckProcess.Run();
        Assert.Equal((int)ExitCode.NoGpu, code);
        foreach (var what in new[] { "NVIDIA's driver", "/dev/nvidia0", "libtorch with CUDA", "NVRTC", "There is no GPU to check" })
            Assert.Contains(what, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--rounds is 0", "--rounds", "0", "--dry-run")]
    [InlineData("--gpu is -1", "--gpu", "-1")]
    [InlineData("which is no folder", "--libtorch", "nowhere")]
    [InlineData("Did you mean 'Adam'?", "--dry-run", "--optimizers", "AdamV")]
    [InlineData("'nothing'", "--only", "nothing")]
    public void Bad_input_is_one_line(string expected, params string[] arguments)
    {
        var (code, _, error) = CheckProcess.Run(arguments);
        Assert.Equal((int)ExitCode.BadInput, code);
        Assert.StartsWith("gpu-check: ", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_dry_run_does_all_of_it_on_the_CPU()
    {
        Skip.IfNot(CheckProcess.HasPython(), "There is no python3 for the stand-in of PyTorch.");
        using var folder = new TemporaryFolder();
        var (code, output, error) = CheckProcess.Run("--dry-run", "--rounds", "3", "--optimizers", "AdamW,Lion,Muon", "--out", folder.Path);
        Assert.True(code == 0, output + error);
        Assert.Contains("12 of 12 agree", output, StringComparison.Ordinal);
        Assert.Contains("PyTorch 0.0.0+test", output, StringComparison.Ordinal);
        Assert.Contains("RuntimeError: no fused kernel here", output, StringComparison.Ordinal);

        var report = JsonNode.Parse(File.ReadAllText(folder.File("gpu-check.json")))!;
        Assert.True((bool)report["dryRun"]!);
        Assert.Equal("Fine", (string?)report["result"]);
        Assert.Equal(12, report["parity"]!.AsArray().Count);
        Assert.All(report["parity"]!.AsArray(), p => Assert.Equal("Agrees", (string?)p!["outcome"]));
        Assert.Equal(5, report["goals"]!.AsArray().Count);
        Assert.Equal(3, report["benchmark"]!.AsArray().Count);
        foreach (var work in report["benchmark"]!.AsArray())
        {
            var contenders = work!["contenders"]!.AsArray().ToDictionary(c => (string)c!["name"]!, c => c!);
            Assert.Equal(5, contenders.Count);
            foreach (var name in new[] { "generated AdamW", "TorchSharp's AdamW", "floor (copy on the device)", "torch.optim.AdamW(foreach=True)" })
                Assert.All(contenders[name]["samples"]!["seconds"]!.AsArray(), s => Assert.InRange((double)s!, 1e-9, 10));
            Assert.Equal("RuntimeError: no fused kernel here", (string?)contenders["torch.optim.AdamW(fused=True)"]["problem"]);

            // The stand-in sleeps for half a millisecond a step.
            Assert.All(contenders["torch.optim.AdamW(foreach=True)"]["samples"]!["seconds"]!.AsArray(), s => Assert.InRange((double)s!, 0.5e-3, 10));
            Assert.Equal((double)work["elements"]! * 28, (double)work["bytesMoved"]!);
            Assert.InRange((double)work["copyBandwidth"]!, 1e3, 1e13);
        }
    }

    [Fact]
    public void Without_Python_the_rest_is_measured()
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = CheckProcess.Run("--dry-run", "--only", "benchmark", "--rounds", "1", "--python", "no-such-python", "--out", folder.Path);
        Assert.True(code == 0, output + error);
        Assert.Contains("No comparison with PyTorch: there is no program 'no-such-python'; --python can name one.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("agree", output, StringComparison.Ordinal);
        var report = JsonNode.Parse(File.ReadAllText(folder.File("gpu-check.json")))!;
        Assert.Equal(3, report["goals"]!.AsArray().Count(g => (string?)g!["status"] == "NotMeasured"));
        Assert.Equal(2, report["goals"]!.AsArray().Count(g => (double?)g!["ratio"] > 0));
    }
}
