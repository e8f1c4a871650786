using System.ComponentModel;
using System.Diagnostics;
using OptBias.Cuda;

namespace OptBias.Runtime.Tests;

/// <summary>Compilers of the machine that runs the tests, for the text of kernels.</summary>
internal static class HostCompiler
{
    /// <summary>A header of the tests' own: what the compiler lacks of CUDA's words.</summary>
    public static string Header(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Cuda", name));

    /// <summary>The kernels of all declared optimizers as one text, each in a namespace of its own.</summary>
    public static string AllKernels(string header) =>
        $"{Header(header)}\n{KernelSource.Prelude}\n{string.Concat(Plans.Select((plan, k) => $"namespace optimizer{k}\n{{\n{plan.Cuda}\n}}\n\n"))}";

    /// <summary>The plans with kernels.</summary>
    public static IReadOnlyList<Kernels.UpdatePlan> Plans { get; } =
        [.. Declared.Catalogue.All.Select(descriptor => descriptor.Plan).Where(plan => plan.Cuda is not null)];

    /// <summary>What a compiler says; null if there is none of that name.</summary>
    public static (int ExitCode, string Output)? Run(string program, IEnumerable<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + error.Result);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
