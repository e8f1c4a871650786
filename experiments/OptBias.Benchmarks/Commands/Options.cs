using System.CommandLine;
using OptBias.Lab.Execution;

namespace OptBias.Benchmarks.Commands;

/// <summary>Options that commands share.</summary>
internal static class Options
{
    public static Option<DirectoryInfo> Output() => new("--out")
    {
        Description = "Folder for Markdown and JSON.",
        DefaultValueFactory = _ => new DirectoryInfo("results/benchmarks"),
    };

    public static Option<int[]> Threads() => new("--threads")
    {
        Description = "Numbers of threads.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => Environment.ProcessorCount > 1 ? [1, 2] : [1],
    };

    public static Option<ComputeDevice> Device() => new("--device")
    {
        Description = "Where parameters are: cpu, cuda (the first GPU), cuda:1 ... On a GPU there are no threads to choose and no caches to flush.",
        DefaultValueFactory = _ => ComputeDevice.Cpu,
        CustomParser = argument =>
        {
            try
            {
                return ComputeDevice.Find(argument.Tokens[0].Value);
            }
            catch (ArgumentException e)
            {
                argument.AddError(e.Message);
                return null;
            }
        },
    };

    /// <summary>"1 thread", "2 threads".</summary>
    public static string Named(int threads) => threads == 1 ? "1 thread" : $"{threads} threads";

    public static Option<int> Rounds(int standard) => new("--rounds")
    {
        Description = "Rounds that count.",
        DefaultValueFactory = _ => standard,
    };
}
