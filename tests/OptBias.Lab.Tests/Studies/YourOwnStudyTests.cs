using OptBias.Lab.Storage;

namespace OptBias.Lab.Tests.Studies;

public sealed class YourOwnStudyTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => this.directory.Dispose();

    [Fact]
    public void The_study_of_the_documentation_runs_with_its_own_optimizer_model_and_metric()
    {
        var results = Path.Combine(this.directory.Path, "results");
        Assert.Equal(0, LargestWeight.Run(["run", "--seeds", "1", "--out", results]));
        using var store = RunStore.OpenExisting(results);
        Assert.Equal(2 * 3 * 2, store.Records.Count(r => r.Phase != "untrained"));
        Assert.All(store.Records, r => Assert.Equal("maxout-64x1", r.Settings["model"]));
        Assert.All(store.Records.Where(r => r.Phase == "result" && r.Diverged is null), r => Assert.True(r.Metric("largest_weight") > 0));
        var page = File.ReadAllText(Path.Combine(results, "report.html"));

        // What the study measures comes first: in the answer, in the first figure, in the first column.
        Assert.Contains("<p class=\"answer\">One seed cannot say whose largest weight differs from that of", page, StringComparison.Ordinal);
        Assert.StartsWith("largest-weight-over-rates", page[(page.IndexOf("<figure id=\"", StringComparison.Ordinal) + 12)..], StringComparison.Ordinal);
        Assert.Contains("<th>Optimizer</th><th>largest weight</th>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_documentation_shows_this_very_code()
    {
        var shown = string.Join('\n', Code(Find("docs/your-own-study.md")));
        var compiled = File.ReadAllText(Find("tests/OptBias.Lab.Tests/Studies/YourOwnStudy.cs")).TrimEnd();
        Assert.Equal(compiled, shown);
        Assert.True(compiled.Split('\n').Count(line => line.Trim().Length > 0) < 60);
    }

    private static IEnumerable<string> Code(string path) =>
        File.ReadLines(path).SkipWhile(line => line != "```csharp").Skip(1).TakeWhile(line => line != "```");

    private static string Find(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "OptBias.Dsl.sln")))
            folder = folder.Parent;
        return Path.Combine(folder.FullName, path);
    }
}
