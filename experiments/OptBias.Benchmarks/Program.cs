using System.CommandLine;
using System.Globalization;
using OptBias.Benchmarks.Commands;

CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

var root = new RootCommand("Measures what generated optimizers cost, as ratios within one run.")
{
    StepCommand.Create(),
    GeneratorCommand.Create(),
};
return root.Parse(args).Invoke();
