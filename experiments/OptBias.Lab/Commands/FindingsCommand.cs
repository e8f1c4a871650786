using System.CommandLine;
using System.Globalization;
using System.Text;
using OptBias.Lab.Reports;
using OptBias.Lab.Reports.Findings;
using OptBias.Lab.Storage;
using Spectre.Console;

namespace OptBias.Lab.Commands;

/// <summary><c>optbias findings DIR...</c>: what several studies say together of the position paper's expectations.</summary>
internal static class FindingsCommand
{
    public static Command Create(Laboratory laboratory)
    {
        var directories = new Argument<string[]>("directories") { Arity = ArgumentArity.OneOrMore, Description = "Folders of results, in the order of the rows." };
        var output = new Option<string>("--out") { DefaultValueFactory = _ => Path.Combine("results", "findings"), Description = "Folder of the page and its figures." };
        var command = new Command("findings", "Puts the effects of several studies on one page: a forest plot, a table, and the variance shares of optimizer, rate, network, width and data.") { directories, output };
        command.SetAction(parsed =>
        {
            var sources = parsed.GetRequiredValue(directories).Select(directory => Read(laboratory, directory)).ToArray();
            Write(sources, parsed.GetRequiredValue(output));
            return 0;
        });
        return command;
    }

    private static FindingsSource Read(Laboratory laboratory, string directory)
    {
        var store = RunStore.OpenExisting(directory);
        ReportCommand.Warn(store, "The findings are without it; optbias run does the run again");
        var (study, plan) = laboratory.Of(store);
        return new(study, plan, store.Records, store.Manifest.Data, store.Manifest.Request.Command);
    }

    private static void Write(IReadOnlyList<FindingsSource> sources, string directory)
    {
        var effects = new EffectsPage(sources);
        var figure = effects.Figure();
        if (figure.Blocks.Count == 0)
            throw new StorageException("None of these studies has an effect that the position paper expects: give folders of continual, sparsity or text.");
        Directory.CreateDirectory(directory);
        FigureFiles.Write([figure], new Dictionary<string, SeriesStyle>(), directory);
        var page = new StringBuilder("# Effects and variance shares\n\n");
        page.Append(CultureInfo.InvariantCulture, $"{effects.Count()}\n\n![{figure.Title}](figures/{figure.Id}.png)\n\n{figure.Caption}\n\n## Every row\n\n{effects.Markdown()}\n");
        var shares = SharesPage.Markdown(sources);
        if (shares.Length > 0)
            page.Append("## Variance shares\n\nWhat each factor explains of a metric's variance over runs, with 95% bootstrap intervals over seeds: optimizer, network, width and data by themselves, the learning rate by what it adds to all of these. The rest is interactions and seeds. Intervals of few seeds are wide.\n\n").Append(shares);
        page.Append("## Where it comes from\n\n| command | seeds | runs | CPU minutes |\n|---|---|---|---|\n");
        foreach (var source in sources)
            page.Append(CultureInfo.InvariantCulture, $"| `{source.Command}` | {source.Plan.Seeds} | {source.Runs.Count} | {source.Seconds / 60:0} |\n");
        var path = Path.Combine(directory, "effects.md");
        FigureFiles.Replace(path, Encoding.UTF8.GetBytes(page.ToString()));
        AnsiConsole.WriteLine(effects.Count());
        Console.WriteLine(path);
    }
}
