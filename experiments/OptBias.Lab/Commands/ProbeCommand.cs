using System.CommandLine;
using System.CommandLine.Completions;
using System.Diagnostics;
using OptBias.Lab.Probes;
using OptBias.Lab.Probes.Reporting;
using OptBias.Lab.Probes.Rules;
using OptBias.Lab.Storage;
using Spectre.Console;

namespace OptBias.Lab.Commands;

/// <summary><c>optbias probe [OPTIMIZER...]</c>: measures what optimizers prefer, on problems whose solutions are known.</summary>
internal static class ProbeCommand
{
    public static Command Create(Laboratory laboratory)
    {
        var names = new Argument<string[]>("optimizers") { Arity = ArgumentArity.ZeroOrMore, Description = "Their names; optbias list names them. Default: all." };
        names.CompletionSources.Add(_ => laboratory.Optimizers.All.Select(known => new CompletionItem(known.Name)));
        var quick = new Option<bool>("--quick") { Description = "Eight well-known optimizers instead of all." };
        var output = new Option<string>("--out") { DefaultValueFactory = _ => Path.Combine("results", "probe"), Description = "Folder of the report." };
        var stored = new Option<string>("--probes") { Description = "The folder of an earlier run to take the numbers from: makes the report again." };
        var only = new Option<string[]>("--only") { AllowMultipleArgumentsPerToken = true, Description = "Names of the probes to run, as probes.json has them: --only weight-change. Default: all." };
        var seeds = new Option<int>("--seeds") { DefaultValueFactory = _ => 1, Description = "Data sets and starts of the network in weight-change; more than one gives means with intervals." };
        var cards = new Option<string>("--cards") { Description = "A folder for the card of each optimizer as well, as optbias card writes them." };
        var command = new Command("probe", "Measures what optimizers prefer, on problems whose solutions are known exactly.") { names, quick, only, seeds, output, stored, cards };
        command.SetAction(parsed =>
        {
            var rules = ProbedRules.Choose(laboratory, parsed.GetValue(names) ?? [], parsed.GetValue(quick));
            var probes = ProbeSuite.Choose(parsed.GetValue(only) ?? [], parsed.GetValue(seeds));
            if (probes.Count < ProbeSuite.All.Count && (parsed.GetValue(stored) ?? parsed.GetValue(cards)) is not null)
                throw new ArgumentException("Cards and stored runs are of all probes; give either them or --only.");
            Run(rules, probes, $"optbias {string.Join(' ', parsed.Tokens.Select(t => t.Value.Contains(' ', StringComparison.Ordinal) ? $"\"{t.Value}\"" : t.Value))}", parsed.GetRequiredValue(output), parsed.GetValue(stored), parsed.GetValue(cards));
            return 0;
        });
        return command;
    }

    private static void Run(IReadOnlyList<ProbeRule> rules, IReadOnlyList<Probe> probes, string command, string output, string? stored, string? cards)
    {
        DurableFile.Guard(output, static path => Directory.CreateDirectory(path));
        var clock = Stopwatch.StartNew();
        var results = stored is null ? Probed(rules, probes) : ProbeFiles.Read(stored, rules);
        TimeSpan? time = stored is null ? clock.Elapsed : null;
        Console.WriteLine("Each number is a share of an exact optimum, 1 at best, unless its column is named for something else.");
        Console.WriteLine("● theory says that a rule with these derived properties reaches the optimum, and it does. ○ theory says so, and it does not.");
        foreach (var table in ProbeTables.Of(results))
            AnsiConsole.Write(table);
        foreach (var probe in results.Probes)
        {
            foreach (var sentence in ProbeVerdict.Say(results, probe))
                Console.WriteLine($"{probe.Title}, {sentence}");
        }

        ProbeFiles.Write(results, output);
        if (cards is not null)
            CardCommand.Write(results, null, cards);
        Console.WriteLine(ProbePage.Write(results, command, time, output));
    }

    /// <summary>Runs the probes with a bar where a person looks on.</summary>
    private static ProbeResults Probed(IReadOnlyList<ProbeRule> rules, IReadOnlyList<Probe> probes)
    {
        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive)
            return ProbeSuite.Run(rules, probes);
        ProbeResults? results = null;
        AnsiConsole.Progress().AutoClear(true).Start(progress =>
        {
            var bar = progress.AddTask("probes", maxValue: rules.Count * probes.Count);
            results = ProbeSuite.Run(rules, probes, finished: _ => bar.Increment(1));
        });
        return results!;
    }
}
