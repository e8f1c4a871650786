using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;
using OptBias.Lab.Data;
using OptBias.Lab.Execution;
using OptBias.Lab.Storage;
using Spectre.Console;

namespace OptBias.Lab.Commands;

/// <summary>The command line of the laboratory.</summary>
public static partial class CommandLine
{
    /// <summary>Exit code after Ctrl-C, as shells give it.</summary>
    public const int Interrupted = 130;

    /// <summary>Exit code for bad input.</summary>
    public const int BadInput = 2;

    private const int RedirectedWidth = 160;

    /// <summary>Runs a command line. Without arguments: the quick preset of the first study.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="laboratory">Studies and optimizers; those of this project if null.</param>
    /// <returns>0; 1 where a check failed; 2 for bad input, with one clear line on stderr; 130 after Ctrl-C.</returns>
    public static int Run(string[] arguments, Laboratory? laboratory = null)
    {
        // Numbers are read and written in the same way on every machine.
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = RedirectedWidth;
        try
        {
            var root = Root((laboratory ?? Laboratory.Default).With(OwnAssembly.In(arguments)));
            if (arguments is [var first, ..] && first is not ['-' or '[', ..] && !root.Subcommands.Any(command => command.Name == first))
                return Fail($"Unknown command '{first}'. {NearestName.Suggest(first, root.Subcommands.Where(command => !command.Hidden).Select(command => command.Name))}Known: {string.Join(", ", root.Subcommands.Where(command => !command.Hidden).Select(command => command.Name))}.");
            var parsed = root.Parse(arguments.Length == 0 ? ["run"] : arguments);
            if (UnknownOption(parsed) is { } unknown)
                return Fail($"Unknown option '{unknown}'. {NearestName.Suggest(unknown, parsed.CommandResult.Command.Options.Select(o => o.Name))}Known: {string.Join(", ", parsed.CommandResult.Command.Options.Select(o => o.Name))}.");
            if (parsed.Errors.Count > 0)
                return Fail(parsed.Errors[0].Message);
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
        catch (Exception e) when (IsBadInput(e))
        {
            return Fail(ParameterSuffix().Replace(e.Message, ""));
        }
    }

    /// <summary>What is wrong with the words of a command line before anything is done; null where nothing is.</summary>
    internal static string? Problem(string[] arguments, Laboratory laboratory)
    {
        var root = Root(laboratory);
        if (arguments is [var first, ..] && !root.Subcommands.Any(command => command.Name == first))
            return $"unknown command '{first}'";
        var parsed = root.Parse(arguments);
        return UnknownOption(parsed) is { } unknown ? $"unknown option '{unknown}'" : parsed.Errors.FirstOrDefault()?.Message;
    }

    private static RootCommand Root(Laboratory laboratory)
    {
        var root = Commands(laboratory);
        root.Options.Add(new Option<string>(OwnAssembly.Option) { Recursive = true, Description = "An assembly with declarations of your own, beside the bundled ones; probe and card take only these where no optimizer is named." });
        return root;
    }

    private static RootCommand Commands(Laboratory laboratory) => new("Measures what an optimizer prefers. Without arguments: the quick preset of the class-incremental study.")
    {
        RunCommand.Create(laboratory),
        SweepCommand.Create(laboratory),
        StatusCommand.Create(laboratory),
        CancelCommand.Create(laboratory),
        TaskCommand.Create(laboratory),
        ReportCommand.Create(laboratory),
        ListCommand.Create(laboratory),
        ExplainCommand.Create(laboratory),
        ReplayCommand.Create(laboratory),
        SelectCommand.Create(laboratory),
        FindingsCommand.Create(laboratory),
        ProbeCommand.Create(laboratory),
        CardCommand.Create(laboratory),
    };

    /// <summary>What looks like an option and is none would else be taken for the name of a study.</summary>
    private static string? UnknownOption(ParseResult parsed) =>
        parsed.Tokens.FirstOrDefault(t => t.Type == TokenType.Argument && t.Value.StartsWith("--", StringComparison.Ordinal))?.Value;

    private static bool IsBadInput(Exception e) =>
        e is ArgumentException or FormatException or DataException or StorageException or TrialException or Sweeps.Slurm.SlurmException or InvalidDataException or IOException or UnauthorizedAccessException;

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"optbias: {PrintableText.OfMessage(message)}");
        return BadInput;
    }

    /// <summary>What .NET appends to the message of an <see cref="ArgumentException"/> is for programmers.</summary>
    [GeneratedRegex(@"\s*\(Parameter '[^']*'\)(\s*Actual value was [^\r\n]*)?")]
    private static partial Regex ParameterSuffix();
}
