using System.CommandLine;
using System.Globalization;
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

    public static Option<int[]> Threads() => List("--threads", "Numbers of threads.", Environment.ProcessorCount > 1 ? [1, 2] : [1], word =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count : throw new ArgumentException($"--threads: '{word}' is no positive whole number."));

    /// <summary>A choice of names, all unless given.</summary>
    public static Option<string[]> Choice(string name, string description, params string[] known)
    {
        var option = List(name, description, known, word => known.FirstOrDefault(k => k.Equals(word, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"{name}: '{word}' is unknown. {NearestName.Suggest(word, known)}Known: {string.Join(", ", known)}."));
        option.HelpName = string.Join('|', known);
        return option;
    }

    /// <summary>A list: words of their own, or one word with commas.</summary>
    private static Option<T[]> List<T>(string name, string description, T[] standard, Func<string, T> read) => new(name)
    {
        Description = description,
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => standard,
        CustomParser = argument =>
        {
            try
            {
                return [.. argument.Tokens.SelectMany(t => t.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Select(read)];
            }
            catch (ArgumentException e)
            {
                argument.AddError(e.Message);
                return null;
            }
        },
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
