using System.CommandLine;
using OptBias.Benchmarks.Measurement;

namespace OptBias.Benchmarks.Commands;

/// <summary><c>step</c>: the optimizer's step alone.</summary>
internal static class StepCommand
{
    public static Command Create()
    {
        var output = new Option<DirectoryInfo>("--out") { Description = "Folder for Markdown and JSON.", DefaultValueFactory = _ => new DirectoryInfo("results/benchmarks") };
        var command = new Command("step", "The optimizer's step alone, against TorchSharp's own, libtorch's fused kernels and the floor of memory.") { output };
        command.SetAction(parsed =>
        {
            var results = new Results("step", Machine.Describe());
            results.Write(parsed.GetValue(output)!.FullName);
        });
        return command;
    }
}
