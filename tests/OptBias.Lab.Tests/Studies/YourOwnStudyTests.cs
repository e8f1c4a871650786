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
    public void The_study_of_the_documentation_runs_on_other_images_than_digits()
    {
        foreach (var (name, content) in new[] { ("train.bin", ImageBytes.Cifar(700, 100, 2)), ("test.bin", ImageBytes.Cifar(200, 100, 2)) })
            File.WriteAllBytes(Path.Combine(this.directory.Path, name), content);
        var results = Path.Combine(this.directory.Path, "results");
        Assert.Equal(0, LargestWeight.Run(["run", "--seeds", "1", "--data", this.directory.Path, "--out", results]));
        Assert.Contains("3×32×32, 100 classes", File.ReadAllText(Path.Combine(results, "report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_labels_are_in_training_alone_and_are_as_many_as_said()
    {
        using var data = OptBias.Lab.Data.ImageData.Load(null);
        var scenario = new NoisyLabels(0.4);
        using var train = scenario.Take(data.Train, 0, OptBias.Lab.Data.DataPart.Training, seed: 3);
        using var test = scenario.Take(data.Test, 0, OptBias.Lab.Data.DataPart.Test, seed: 3);
        Assert.Equal(data.Test.Labels.data<long>().ToArray(), test.Labels.data<long>().ToArray());
        var wrong = train.Labels.data<long>().ToArray().Zip(data.Train.Labels.data<long>().ToArray()).Count(l => l.First != l.Second) / (double)train.Count;
        Assert.InRange(wrong, 0.37, 0.43);
        Assert.All(train.Labels.data<long>().ToArray(), label => Assert.InRange(label, 0, 9));
    }

    [Fact]
    public void The_study_of_wrong_labels_runs_and_shows_both_settings()
    {
        var results = Path.Combine(this.directory.Path, "results");
        var laboratory = new OptBias.Lab.Commands.Laboratory([new LabelNoise()], OptBias.Lab.Training.DeclaredOptimizers.Default);
        Assert.Equal(0, OptBias.Lab.Commands.CommandLine.Run(["run", "--seeds", "1", "--optimizers", "AdamW,Sgd", "--model", "mlp-16", "--out", results], laboratory));
        using var store = RunStore.OpenExisting(results);
        double Mean(string scenario) => store.Records.Where(r => r.Phase == "result" && r.Diverged is null && r.Settings["scenario"] == scenario).Average(r => r.Metric("average_accuracy"));
        Assert.True(Mean("noisy-labels, 0") > Mean("noisy-labels, 0.4"), "wrong labels cost nothing");
        Assert.Contains("40% of the training labels are wrong", File.ReadAllText(Path.Combine(results, "report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_documentation_shows_this_very_code()
    {
        var shown = Code(Find("docs/your-own-study.md")).ToArray();
        string[] compiled = [.. new[] { "YourOwnStudy", "YourOwnScenario" }.Select(name => File.ReadAllText(Find($"tests/OptBias.Lab.Tests/Studies/{name}.cs")).TrimEnd())];
        Assert.Equal(compiled, shown);
        Assert.All(compiled, code => Assert.True(code.Split('\n').Count(line => line.Trim().Length > 0) < 60));
    }

    private static IEnumerable<string> Code(string path) =>
        System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(path), "^```csharp\n(.*?)\n```$", System.Text.RegularExpressions.RegexOptions.Singleline | System.Text.RegularExpressions.RegexOptions.Multiline).Select(match => match.Groups[1].Value);

    private static string Find(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "OptBias.Dsl.sln")))
            folder = folder.Parent;
        return Path.Combine(folder.FullName, path);
    }
}
