using System.Reflection;

namespace OptBias.Build.Tests;

static class TorchSharpPackage
{
    /// <summary>The library in the restored package, as it came.</summary>
    public static string Library { get; } = Path.Combine(
        typeof(TorchSharpPackage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "TorchSharpPackage").Value!,
        "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
}
