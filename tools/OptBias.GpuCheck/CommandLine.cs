using System.CommandLine;
using OptBias.GpuCheck.Natives;
using OptBias.GpuCheck.Results;
using Spectre.Console;

namespace OptBias.GpuCheck;

/// <summary>The command line.</summary>
internal static class CommandLine
{
    private const int RedirectedWidth = 160;

    /// <summary>Runs a command line.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int Run(string[] arguments)
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = RedirectedWidth;
        var dryRun = new Option<bool>("--dry-run") { Description = "Does everything in small on the CPU: checks the check." };
        var gpu = new Option<int>("--gpu") { Description = "Number of the GPU, from 0." };
        var libTorch = new Option<string?>("--libtorch") { Description = "Folder of another libtorch to run on, as site-packages/torch/lib of an installed PyTorch." };
        var python = new Option<string>("--python") { Description = "Python with PyTorch to compare with.", DefaultValueFactory = _ => "python3" };
        var output = new Option<string>("--out") { Description = "Folder for gpu-check.json.", DefaultValueFactory = _ => "results/gpu-check" };
        var rounds = new Option<int>("--rounds") { Description = "Rounds of the benchmark.", DefaultValueFactory = _ => 31 };
        var optimizers = new Option<string[]>("--optimizers") { Description = "Optimizers to compare the paths of; all unless given.", AllowMultipleArgumentsPerToken = true };
        var only = new Option<string?>("--only") { Description = "parity or benchmark, instead of both." };
        only.AcceptOnlyFromAmong("parity", "benchmark");
        var root = new RootCommand("Compares the fused path of all declared optimizers with TorchSharp's operations on a GPU, and measures AdamW there.\nExit codes: 0 fine, 1 the paths differ, 2 bad input, 3 no GPU, 4 a goal is missed, 5 --libtorch does not fit.")
        {
            dryRun, gpu, libTorch, python, output, rounds, optimizers, only,
        };
        root.SetAction(parsed => (int)Run(arguments, new CheckOptions
        {
            DryRun = parsed.GetValue(dryRun),
            Gpu = parsed.GetValue(gpu) is >= 0 and var number ? number : throw new ArgumentException($"--gpu is {parsed.GetValue(gpu)}; GPUs are numbered from 0."),
            LibTorch = parsed.GetValue(libTorch),
            Python = parsed.GetRequiredValue(python),
            Output = parsed.GetRequiredValue(output),
            Rounds = parsed.GetValue(rounds) is >= 1 and var count ? count : throw new ArgumentException($"--rounds is {parsed.GetValue(rounds)}; give a number of at least 1."),
            Optimizers = [.. (parsed.GetValue(optimizers) ?? []).SelectMany(o => o.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
            Parity = parsed.GetValue(only) is null or "parity",
            Benchmark = parsed.GetValue(only) is null or "benchmark",
        }));

        var command = root.Parse(arguments);
        if (command.Errors.Count > 0)
            return Fail(command.Errors[0].Message);
        try
        {
            return command.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (e is ArgumentException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // What .NET appends to the message of an ArgumentException is for programmers.
            return Fail(e.Message.Split(" (Parameter '")[0]);
        }
    }

    private static ExitCode Run(string[] arguments, CheckOptions options)
    {
        if (options.LibTorch is not { } folder || OtherLibTorch.Folder is not null)
            return new Check(options, AnsiConsole.Console).Run();
        folder = Path.GetFullPath(folder);
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"--libtorch names {folder}, which is no folder. Give the folder with libtorch.so, as site-packages/torch/lib.");
        var fit = LibTorchFit.Of(OtherLibTorch.TorchSharpLibrary(), folder);
        if (fit.Fits)
        {
            Console.WriteLine($"TorchSharp's library finds all its symbols in {fit.Libraries.Count} libraries of {folder}.");
            return (ExitCode)OtherLibTorch.Run(folder, arguments);
        }

        foreach (var problem in fit.Problems())
            Console.Error.WriteLine(problem);
        Console.Error.WriteLine($"TorchSharp {typeof(TorchSharp.torch).Assembly.GetName().Version?.ToString(3)} does not fit the libtorch in {folder}: {fit.MissingLibraries.Count} libraries and {fit.MissingSymbols.Count} symbols are missing. Nothing was loaded.");
        return ExitCode.LibTorchDoesNotFit;
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"gpu-check: {string.Join(' ', message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))}");
        return (int)ExitCode.BadInput;
    }
}
