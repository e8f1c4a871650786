using System.CommandLine;
using OptBias.Lab.Reports;
using OptBias.Lab.Reports.Selection;
using OptBias.Lab.Statistics;
using OptBias.Lab.Studies;
using Spectre.Console;

namespace OptBias.Lab.Commands;

/// <summary><c>optbias select --wish "forgetting&lt;0.2"</c>: ranks the optimizers by how surely they meet wishes, from stored results.</summary>
internal static class SelectCommand
{
    public static Command Create(Laboratory laboratory)
    {
        var directories = new Argument<string[]>("directories") { Arity = ArgumentArity.ZeroOrMore, Description = "Folders of results. Default: every study's folder in results." };
        var wish = new Option<string[]>("--wish") { Description = "A metric, < or >, and a number: \"forgetting<0.2\". May be given several times." };
        var within = new Option<string[]>("--within") { Description = "A metric and how far from the best it may be: \"accuracy:0.01\"." };
        var output = new Option<string>("--out") { DefaultValueFactory = _ => Path.Combine("results", "select"), Description = "Folder of the report." };
        var command = new Command("select", "Ranks optimizers by how surely they give the solution you wish for, from stored results.") { directories, wish, within, output };
        command.SetAction(parsed =>
        {
            Wish[] wishes = [.. (parsed.GetValue(wish) ?? []).Select(Wish.Parse), .. (parsed.GetValue(within) ?? []).Select(Wish.ParseWithin)];
            if (wishes.Length == 0)
                throw new ArgumentException("There is no wish. Give --wish \"forgetting<0.2\" or --within \"accuracy:0.01\".");
            Select(laboratory, parsed.GetValue(directories) ?? [], wishes, parsed.GetRequiredValue(output));
            return 0;
        });
        return command;
    }

    private static void Select(Laboratory laboratory, string[] directories, Wish[] wishes, string output)
    {
        var all = StoredResults.Load(laboratory, directories);
        var metrics = wishes.Select(w => all.Resolve(w.Metric)).ToArray();
        var results = all.Having(metrics);
        var values = results.Values(metrics);
        WishRanking[] ranking = [.. WishProbability.Rank(values, wishes).Select(r => r with { Means = [.. r.Means.Select((mean, k) => ShownMetric.Of(metrics[k]).Values.Cut(mean))] })];
        var report = new SelectionReport
        {
            Wishes = wishes,
            Ranking = ranking,
            Optimizers = [.. values.Keys.Order(StringComparer.Ordinal).Select(name => new ReportOptimizer(name))],
            Seeds = values.Values.Min(v => v.Min(seeds => seeds.Count)),
            Settings = results.Settings($"optbias select {string.Join(' ', wishes.Select(w => w.Kind == WishKind.WithinOfBest ? $"--within \"{w.Metric}:{w.Bound}\"" : $"--wish \"{w.Metric}{(w.Kind == WishKind.Below ? '<' : '>')}{w.Bound}\""))}"),
        };
        var page = SelectionWriter.Write(report, output);

        var table = new Table().Border(TableBorder.Rounded).AddColumn("").AddColumn(new TableColumn("meets all wishes").RightAligned());
        foreach (var w in wishes)
            table.AddColumn(new TableColumn(PrintableText.Markup(w.ToString())).RightAligned());
        table.AddColumn("on the Pareto front");
        foreach (var r in ranking)
        {
            table.AddRow([
                $"[bold]{PrintableText.Markup(r.Optimizer)}[/]", $"{r.All:0.00}",
                .. r.Means.Select((m, i) => PrintableText.Markup($"{m.ToString("0.000")}, probability {r.Each[i]:0.00}")),
                r.OnFront ? $"yes ({r.FrontProbability:0.00})" : $"no ({r.FrontProbability:0.00})"]);
        }

        AnsiConsole.Write(table);
        Console.WriteLine(PrintableText.Of(SelectionVerdict.Say(report)));
        Console.WriteLine(PrintableText.Of($"All numbers are of {results.Source}."));
        Console.WriteLine(page);
    }
}
