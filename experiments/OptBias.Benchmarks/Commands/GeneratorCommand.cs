using System.CommandLine;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptBias.Benchmarks.Generator;
using OptBias.Benchmarks.Measurement;
using OptBias.Generators;

namespace OptBias.Benchmarks.Commands;

/// <summary><c>generator</c>: what the generator costs while a person types.</summary>
internal static class GeneratorCommand
{
    private const int Rounds = 15;

    public static Command Create()
    {
        var declarations = new Option<int>("--declarations") { Description = "Declarations in the project.", DefaultValueFactory = _ => 1000 };
        var edits = new Option<int>("--edits") { Description = "Edits in a row, for memory.", DefaultValueFactory = _ => 1000 };
        var output = Options.Output();
        var command = new Command("generator", "The generator alone: a cold run, an edit elsewhere, one more declaration, many edits in a row.") { declarations, edits, output };
        command.SetAction(parsed =>
        {
            var results = new Results("generator", Machine.Describe());
            var compilation = ManyDeclarations.Project(parsed.GetValue(declarations));
            results.Add(Runs(parsed.GetValue(declarations), compilation));
            results.Add(More(parsed.GetValue(declarations), compilation));
            results.Add(Memory(compilation, parsed.GetValue(edits)));
            results.Write(parsed.GetValue(output)!.FullName);
        });
        return command;
    }

    private static ResultTable Runs(int declarations, CSharpCompilation compilation)
    {
        // The very first run meets nothing compiled: neither the generator nor Roslyn. Each round has a project of its own, whose symbols are not bound yet.
        var run = new GeneratorRun().On(compilation);
        var cold = run.Seconds;
        var (characters, files) = run.Size();
        if (files != declarations)
            throw new InvalidOperationException($"{declarations} declarations made {files} files; some are not valid.");
        var again = Median(Enumerable.Range(0, 5).Select(_ => new GeneratorRun().On(ManyDeclarations.Project(declarations)).Seconds));

        Compilation Elsewhere(int k) => compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[^1], ManyDeclarations.Unrelated(k));
        Compilation OneMore(int k) => compilation.AddSyntaxTrees(ManyDeclarations.More(declarations + k, 1));
        var elsewhere = new List<double>();
        for (var k = 1; k <= Rounds; k++)
            elsewhere.Add(run.On(Elsewhere(k)).Seconds);
        var oneMore = new List<double>();
        for (var k = 1; k <= Rounds; k++)
        {
            run.On(compilation);
            oneMore.Add(run.On(OneMore(k)).Seconds);
        }

        var first = new RecordedEdit(before: null, compilation);
        var rows = new List<IReadOnlyList<string>>
        {
            Row("cold run, nothing compiled yet", cold, first),
            Row("cold run of a compiler that has run before", again, first),
            Row("an edit in a file without optimizers", Median(elsewhere), new RecordedEdit(compilation, Elsewhere(1))),
            Row("one more declaration", Median(oneMore), new RecordedEdit(compilation, OneMore(1))),
        };
        return new ResultTable($"The generator on {declarations} declarations", ["", "time", "declarations read anew or changed", "texts written anew", "texts taken over"], rows)
        {
            Note = string.Create(CultureInfo.InvariantCulture, $"{characters / 1e6:0.0} million characters in {files} files. Times after the first are medians."),
        };
    }

    /// <summary>
    /// What declarations that are added cost beside those that are there, over the same class without <c>[Optimizer]</c>: side by
    /// side, since one alone is a hundredth of what Roslyn does at every edit.
    /// </summary>
    private static ResultTable More(int declarations, CSharpCompilation compilation)
    {
        int[] counts = [0, 1, 10, 100];
        var next = 10 * declarations;
        var runs = counts.Select(count => new ManyDeclarationsEdit(compilation, count, () => next += 1000)).ToList();
        var samples = new Interleaved { Rounds = 31, WarmUp = 4 }.Run([.. runs.Select(run => new Contender(run.Name, run.Run) { Before = run.Prepare })]);
        var rows = samples.Select((sample, k) => (IReadOnlyList<string>)
        [
            sample.Name,
            Time(sample.Median),
            k == 0 ? "" : sample.Over(samples[0]).ToString("0.00"),
            k == 0 ? "" : Each(sample, samples[0], counts[k]),
        ]).ToList();
        return new ResultTable($"Declarations added to {declarations}", ["", "time", "over none", "for each one added"], rows)
        {
            Note = "Side by side, 31 rounds: median, and in brackets the quartiles over the rounds. Each round adds declarations that nobody has read yet.",
        };
    }

    /// <summary>The difference within rounds, shared among those that were added.</summary>
    private static string Each(Samples more, Samples none, int count)
    {
        var differences = more.Seconds.Zip(none.Seconds, (a, b) => (a - b) / count * 1e3).ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"{Samples.Quantile(differences, 0.5):0.00} ms ({Samples.Quantile(differences, 0.25):0.00}–{Samples.Quantile(differences, 0.75):0.00})");
    }

    private static ResultTable Memory(CSharpCompilation compilation, int edits)
    {
        var run = new GeneratorRun().On(compilation);
        var allocated = new List<double>();
        var rows = new List<IReadOnlyList<string>>();
        var stretch = Math.Max(1, edits / 5);
        for (var k = 1; k <= edits; k++)
        {
            allocated.Add(run.On(compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[^1], ManyDeclarations.Unrelated(k))).Allocated);
            if (k % stretch != 0)
                continue;
            rows.Add([
                string.Create(CultureInfo.InvariantCulture, $"{k - stretch + 1} to {k}"),
                string.Create(CultureInfo.InvariantCulture, $"{Median(allocated) / 1024:0} KiB"),
                string.Create(CultureInfo.InvariantCulture, $"{GC.GetTotalMemory(forceFullCollection: true) / 1048576.0:0.0} MiB"),
            ]);
            allocated.Clear();
        }

        return new ResultTable($"{edits} edits in a row, elsewhere", ["edits", "allocated by one run (median)", "alive after a full collection"], rows);
    }

    private static IReadOnlyList<string> Row(string name, double seconds, RecordedEdit edit)
    {
        var (read, _) = edit.Outputs(OptimizerGenerator.Steps.Reading);
        var (written, takenOver) = edit.Outputs(OptimizerGenerator.Steps.Text);
        return [name, Time(seconds), Integer(read), Integer(written), Integer(takenOver)];
    }

    private static string Integer(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Time(double seconds) => seconds >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s")
        : string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:0.0} ms");

    private static double Median(IEnumerable<double> values) => Samples.Quantile(values, 0.5);
}
