using System.CommandLine;
using System.Globalization;
using OptBias.Benchmarks.Commands;
using Spectre.Console;

CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
if (Console.IsOutputRedirected)
    AnsiConsole.Profile.Width = 160;

var root = new RootCommand("Measures what generated optimizers cost, as ratios within one run.")
{
    StepCommand.Create(),
    NonFiniteCommand.Create(),
    PrecisionCommand.Create(),
    GeneratorCommand.Create(),
    TrainCommand.Create(),
    MemoryCommand.Create(),
    MatrixCommand.Create(),
    MicroCommand.Create(),
};
return root.Parse(args).Invoke();
