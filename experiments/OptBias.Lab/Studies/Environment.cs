using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace OptBias.Lab.Studies;

/// <summary>What computes the numbers.</summary>
public static class Environment
{
    private static readonly string InformationalVersion =
        typeof(Environment).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>Version of the laboratory: "0.1.0".</summary>
    public static string Version => InformationalVersion.Split('+')[0];

    /// <summary>Commit of the sources, or "unknown".</summary>
    public static string Commit => InformationalVersion.Split('+') is [_, { Length: > 0 } commit, ..] ? commit : "unknown";

    /// <summary>Version and commit.</summary>
    public static string FullVersion => InformationalVersion;

    /// <summary>Versions of what computes, by name.</summary>
    public static IReadOnlyDictionary<string, string> Versions { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["OptBias"] = Version,
        ["TorchSharp"] = typeof(torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown",
        ["libtorch"] = torch.__version__,
        [".NET"] = RuntimeInformation.FrameworkDescription,
        ["operating system"] = RuntimeInformation.OSDescription,
        ["processor"] = $"{RuntimeInformation.ProcessArchitecture}, {System.Environment.ProcessorCount} logical cores",
    };
}
