using System.CommandLine;
using System.CommandLine.Completions;
using OptBias.Kernels;
using OptBias.Lab.Commands.Explanation;
using Spectre.Console;
using TorchSharp;

namespace OptBias.Lab.Commands;

/// <summary><c>optbias explain NAME</c>: what an optimizer does, what a step moves and what it keeps, and which code carries it out.</summary>
internal static class ExplainCommand
{
    private static readonly IReadOnlyDictionary<string, torch.ScalarType> Types = new Dictionary<string, torch.ScalarType>(StringComparer.OrdinalIgnoreCase)
    {
        ["float32"] = torch.ScalarType.Float32,
        ["float64"] = torch.ScalarType.Float64,
        ["bfloat16"] = torch.ScalarType.BFloat16,
        ["float16"] = torch.ScalarType.Float16,
    };

    private static readonly IReadOnlyDictionary<string, DeviceType> Devices = new Dictionary<string, DeviceType>(StringComparer.OrdinalIgnoreCase)
    {
        ["cpu"] = DeviceType.CPU,
        ["cuda"] = DeviceType.CUDA,
        ["mps"] = DeviceType.MPS,
    };

    public static Command Create(Laboratory laboratory)
    {
        var name = new Argument<string>("optimizer") { Description = "Its name; optbias list names them." };
        name.CompletionSources.Add(_ => laboratory.Optimizers.All.Select(known => new CompletionItem(known.Name)));
        var dtype = new Option<string>("--dtype") { DefaultValueFactory = _ => "float32", Description = $"Type of the parameters: {string.Join(", ", Types.Keys)}." };
        var device = new Option<string>("--device") { DefaultValueFactory = _ => "cpu", Description = $"Where they are: {string.Join(", ", Devices.Keys)}." };
        var latex = new Option<bool>("--latex") { Description = "Prints the equations as LaTeX and nothing else." };
        var command = new Command("explain", "Prints an optimizer's equations, its passes over memory, its state, and the path that a dtype and device take.") { name, dtype, device, latex };
        command.SetAction(parsed =>
        {
            var optimizer = laboratory.Optimizers.Find(parsed.GetRequiredValue(name));
            var target = new ExplanationTarget(
                Known(Types, parsed.GetRequiredValue(dtype), "dtype"), Known(Devices, parsed.GetRequiredValue(device), "device"));
            if (parsed.GetValue(latex))
                Console.WriteLine($"\\begin{{aligned}}\n{string.Join(" \\\\\n", optimizer.Equations.Split('\n'))}\n\\end{{aligned}}");
            else
                ExplanationPage.Write(AnsiConsole.Console, optimizer, target);
            return 0;
        });
        return command;
    }

    private static T Known<T>(IReadOnlyDictionary<string, T> known, string name, string what) => known.TryGetValue(name, out var value)
        ? value
        : throw new ArgumentException($"Unknown {what} '{name}'. {NearestName.Suggest(name, known.Keys)}Known: {string.Join(", ", known.Keys)}.");
}
