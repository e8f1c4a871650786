using System.CommandLine;
using OptBias.Lab.Probes.Rules;
using OptBias.Lab.Probes.Selection;
using OptBias.Lab.Reports;
using OptBias.Lab.Reports.Selection;
using OptBias.Lab.Statistics;
using OptBias.Lab.Studies;
using Spectre.Console;

namespace OptBias.Lab.Commands;

/// <summary>
/// <c>optbias select --wish "forgetting&lt;0.2"</c>: ranks the optimizers by how surely they meet wishes, from stored results. Derived
/// properties and probed measures are wishes too (<c>"sees no units"</c>, <c>"margin.spectral&gt;0.8"</c>): they need no results, and
/// where there are wishes of both kinds, the exact ones choose who is ranked.
/// </summary>
internal static class SelectCommand
{
    public static Command Create(Laboratory laboratory)
    {
        var directories = new Argument<string[]>("directories") { Arity = ArgumentArity.ZeroOrMore, Description = "Folders of results. Default: every study's folder in results." };
        var wish = new Option<string[]>("--wish") { Description = "A metric, < or >, and a number: \"forgetting<0.2\", \"margin.spectral>0.8\"; or a derived property: \"sees no units\", \"not keeps signs\". May be given several times." };
        var within = new Option<string[]>("--within") { Description = "A metric and how far from the best it may be: \"accuracy:0.01\"." };
        var output = new Option<string>("--out") { DefaultValueFactory = _ => Path.Combine("results", "select"), Description = "Folder of the report." };
        var command = new Command("select", "Ranks optimizers by how surely they give the solution you wish for, from stored results, declarations and probes.") { directories, wish, within, output };
        command.SetAction(parsed =>
        {
            var texts = (parsed.GetValue(wish) ?? []).Select(text => (Text: text, Exact: ExactWish.Parse(text))).ToArray();
            ExactWish[] exact = [.. texts.Select(t => t.Exact).OfType<ExactWish>()];
            Wish[] wishes = [.. texts.Where(t => t.Exact is null).Select(t => Wish.Parse(t.Text)), .. (parsed.GetValue(within) ?? []).Select(Wish.ParseWithin)];
            if (exact.Length + wishes.Length == 0)
                throw new ArgumentException("There is no wish. Give --wish \"forgetting<0.2\", --wish \"sees no units\" or --within \"accuracy:0.01\".");
            var meeting = exact.Length == 0 ? null : SelectExactly(laboratory, exact);
            if (wishes.Length > 0 && meeting is not { Count: 0 })
                Select(laboratory, parsed.GetValue(directories) ?? [], wishes, parsed.GetRequiredValue(output), meeting);
            return 0;
        });
        return command;
    }

    /// <summary>Shows which optimizers meet the exact wishes, and returns their names.</summary>
    private static IReadOnlyList<string> SelectExactly(Laboratory laboratory, ExactWish[] wishes)
    {
        var rules = LineUp.Named(laboratory.Optimizers, laboratory.Optimizers.All.Select(o => o.Name));
        var selection = ExactSelection.Of(wishes, rules);
        var table = new Table().Border(TableBorder.Rounded).AddColumn("");
        foreach (var w in wishes)
            table.AddColumn(new TableColumn(PrintableText.Markup(w.ToString())).RightAligned());
        foreach (var rule in selection.Rules)
        {
            table.AddRow([
                selection.Meeting.Contains(rule.Name) ? $"[bold]{PrintableText.Markup(rule.Name)}[/]" : PrintableText.Markup(rule.Name),
                .. wishes.Select(w => w.IsMet(rule, selection.Results) ? $"[green]● {PrintableText.Markup(w.Say(rule, selection.Results))}[/]" : PrintableText.Markup(w.Say(rule, selection.Results)))]);
        }

        AnsiConsole.Write(table);
        Console.WriteLine(PrintableText.Of(selection.Verdict));
        return selection.Meeting;
    }

    private static void Select(Laboratory laboratory, string[] directories, Wish[] wishes, string output, IReadOnlyList<string>? among)
    {
        var all = StoredResults.Load(laboratory, directories);
        var metrics = wishes.Select(w => all.Resolve(w.Metric)).ToArray();
        var results = all.Having(metrics);
        var values = results.Values(metrics, among);
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
