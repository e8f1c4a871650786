using System.CommandLine;

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

    /// <summary>"1 thread", "2 threads".</summary>
    public static string Named(int threads) => threads == 1 ? "1 thread" : $"{threads} threads";

    public static Option<int> Rounds(int standard) => new("--rounds")
    {
        Description = "Rounds that count.",
        DefaultValueFactory = _ => standard,
    };
}
