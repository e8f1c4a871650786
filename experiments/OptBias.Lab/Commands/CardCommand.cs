using System.CommandLine;
using System.CommandLine.Completions;
using System.Text;
using OptBias.Lab.Probes;
using OptBias.Lab.Probes.Reporting;
using OptBias.Lab.Probes.Rules;
using OptBias.Lab.Storage;

namespace OptBias.Lab.Commands;

/// <summary><c>optbias card OPTIMIZER</c>: all that is known of an optimizer's bias on one page.</summary>
internal static class CardCommand
{
    public static Command Create(Laboratory laboratory)
    {
        var names = new Argument<string[]>("optimizers") { Arity = ArgumentArity.ZeroOrMore, Description = "Their names; optbias list names them. Default with --out: all." };
        names.CompletionSources.Add(_ => laboratory.Optimizers.All.Select(known => new CompletionItem(known.Name)));
        var results = new Option<string[]>("--results") { Description = "Folders of results to take findings from. Default: every study's folder in results." };
        var probes = new Option<string>("--probes") { Description = "The folder of a run of optbias probe to take the numbers from, instead of running the probes." };
        var output = new Option<string>("--out") { Description = "A folder: each card becomes NAME.md in it. Without it cards are printed." };
        var command = new Command("card", "Prints what is known of an optimizer's bias: derived from its declaration, probed, and found by stored studies.") { names, results, probes, output };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetValue(output);
            var named = parsed.GetValue(names) ?? [];
            if (named.Length == 0 && folder is null && laboratory.Own is null)
                throw new ArgumentException("Name an optimizer, or give --out for the cards of all.");
            var rules = ProbedRules.Choose(laboratory, named, quick: false).Where(r => r.IsPlain).ToArray();
            var stored = StoredResults.LoadIfAny(laboratory, parsed.GetValue(results) ?? []);
            Write(parsed.GetValue(probes) is { } run ? ProbeFiles.Read(run, rules) : ProbeSuite.Run(rules), stored, folder);
            return 0;
        });
        return command;
    }

    /// <summary>Writes the card of each rule that is a declaration as it stands, in a folder or on the terminal.</summary>
    /// <exception cref="StorageException">The folder cannot be written.</exception>
    public static void Write(ProbeResults results, StoredResults? stored, string? folder)
    {
        if (folder is not null)
            DurableFile.Guard(folder, static path => Directory.CreateDirectory(path));
        var rules = results.Rules.Where(r => r.IsPlain).ToArray();
        foreach (var rule in rules)
        {
            var card = BiasCard.Of(rule.Optimizer, new(results.Probes, [rule], [.. results.Outcomes.Where(o => o.Rule == rule.Name)]), stored?.Findings(rule.Optimizer.Name) ?? []);
            if (folder is null)
                Console.WriteLine(card);
            else
                DurableFile.Write(Path.Combine(folder, rule.Optimizer.Name + ".md"), Encoding.UTF8.GetBytes(card));
        }

        // One card needs no page that leads to it.
        if (folder is not null && rules.Length > 1)
            DurableFile.Write(Path.Combine(folder, "README.md"), Encoding.UTF8.GetBytes(CardIndex.Of(rules.Select(r => r.Optimizer).OrderBy(o => o.Name, StringComparer.OrdinalIgnoreCase))));
        if (folder is not null)
            Console.WriteLine(FormattableString.Invariant($"{rules.Length} cards in {folder}"));
    }
}
