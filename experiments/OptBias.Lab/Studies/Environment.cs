using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace OptBias.Lab.Studies;

/// <summary>What computes the numbers.</summary>
public static class Environment
{
    private const int CommitDigits = 10;

    private static readonly string InformationalVersion =
        typeof(Environment).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>Version of the laboratory: "0.1.0".</summary>
    public static string Version => InformationalVersion.Split('+')[0];

    /// <summary>Commit of the sources, as short as git writes it, or "unknown".</summary>
    public static string Commit => InformationalVersion.Split('+') is [_, { Length: > 0 } commit, ..] ? commit[..Math.Min(commit.Length, CommitDigits)] : "unknown";

    /// <summary>Version and commit: "0.1.0+5e8b75ca10".</summary>
    public static string FullVersion => $"{Version}+{Commit}";

    /// <summary>What computes: "TorchSharp 0.107.0 on libtorch 2.10.0.0, .NET 10.0.12, Debian GNU/Linux 12 (bookworm), X64 with 2 logical cores".</summary>
    public static string Machine { get; } = string.Join(
        ", ",
        $"TorchSharp {typeof(torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "of unknown version"} on libtorch {torch.__version__}",
        RuntimeInformation.FrameworkDescription,
        RuntimeInformation.OSDescription,
        $"{RuntimeInformation.ProcessArchitecture} with {System.Environment.ProcessorCount} logical cores");
}
