using OptBias.Lab.Commands;
using OptBias.Lab.Storage;
using OptBias.Lab.Studies;
using OptBias.Lab.Tasks;
using OptBias.Lab.Training;

namespace OptBias.Lab.Tests.Commands;

public sealed class MainJobTests : IDisposable
{
    private static readonly Preset Tiny = new("quick", Seeds: 2, TuningSeeds: 1, Rates: 2, Epochs: 1, BatchSize: 64, EvaluationLimit: 40);
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => this.directory.Dispose();

    [Fact]
    public void The_main_job_on_a_tiny_preset_ends_with_a_report_and_tables()
    {
        var results = this.Run("results", "Sgd,AdamW,Shampoo,PowerPropSgd");
        using var store = RunStore.OpenExisting(results);
        Assert.Equal((4 * 2 * 3) + 2, store.Records.Count);
        Assert.True(new FileInfo(Path.Combine(results, "runs.parquet")).Length > 0);
        Assert.True(new FileInfo(Path.Combine(results, "curves.parquet")).Length > 0);
        var page = File.ReadAllText(Path.Combine(results, "report.html"));
        Assert.All(["Sgd", "AdamW", "Shampoo", "PowerPropSgd", "Forgetting", "Effective rank", "Hoyer of weights", "<svg"], part => Assert.Contains(part, page));
    }

    [Fact]
    public void The_same_command_gives_the_same_numbers_with_any_number_of_jobs()
    {
        using var one = RunStore.OpenExisting(this.Run("one", "AdamW,Shampoo", "--jobs", "1"));
        using var three = RunStore.OpenExisting(this.Run("three", "AdamW,Shampoo", "--jobs", "3"));
        Assert.Equal(Numbers(one), Numbers(three));
    }

    [Fact]
    public void Another_grid_in_the_same_folder_is_refused_and_fresh_starts_anew()
    {
        var results = this.Run("results", "Sgd");
        Assert.Equal(2, CommandLine.Run(["run", "tiny", "--optimizers", "Sgd,AdamW", "--out", results], Laboratory()));
        Assert.Equal(0, CommandLine.Run(["run", "tiny", "--optimizers", "AdamW", "--out", results, "--fresh"], Laboratory()));
        using var store = RunStore.OpenExisting(results);
        Assert.All(store.Records, r => Assert.Contains(r.Method, (string[])["AdamW", UntrainedTrial.Name]));
    }

    [Fact]
    public void A_diverged_run_is_recorded_and_listed_and_does_not_stop_the_study()
    {
        var laboratory = Laboratory(new Diverging());
        var results = Path.Combine(this.directory.Path, "results");
        Assert.Equal(0, CommandLine.Run(["run", "diverging", "--optimizers", "Sgd", "--out", results], laboratory));
        using var store = RunStore.OpenExisting(results);
        var diverged = store.Records.Where(r => r.Diverged is not null).ToArray();
        Assert.All(diverged, r => Assert.Equal(1e6, r.Number("lr")));
        Assert.Equal(3, diverged.Length);
        Assert.Equal(6 + 2, store.Records.Count);
        Assert.Contains("the loss is", File.ReadAllText(Path.Combine(results, "report.html")));
    }

    [Fact]
    public void An_optimizer_that_fails_in_its_step_is_a_diverged_run_and_the_study_goes_on()
    {
        var results = Path.Combine(this.directory.Path, "results");
        var laboratory = new Laboratory([new ContinualStudy("tiny", "Tiny", [new ClassIncremental()], [Tiny])], DeclaredOptimizers.With(typeof(FailingSgd).Assembly));
        Assert.Equal(0, CommandLine.Run(["run", "tiny", "--optimizers", "FailingSgd,Sgd", "--out", results], laboratory));
        using var store = RunStore.OpenExisting(results);
        Assert.Equal((2 * 2 * 3) + 2, store.Records.Count);
        Assert.All(store.Records.Where(r => r.Method == "FailingSgd"), r => Assert.Contains("step 5: the optimizer failed (Parameter 'weight', block [0:1]: the factor has no eigenvalues)", r.Diverged));
        Assert.All(store.Records.Where(r => r.Method == "Sgd"), r => Assert.Null(r.Diverged));
        var page = File.ReadAllText(Path.Combine(results, "report.html"));
        Assert.Contains("6 of 14 runs diverged", page);
        Assert.Contains("the factor has no eigenvalues", page);
    }

    [Fact]
    public void Few_seeds_are_said_to_be_few()
    {
        this.Run("two", "Sgd");
        this.Run("five", "Sgd", "--seeds", "5");
        Assert.Contains("2 seeds are few", File.ReadAllText(Path.Combine(this.directory.Path, "two", "report.html")));
        Assert.DoesNotContain("seeds are few", File.ReadAllText(Path.Combine(this.directory.Path, "five", "report.html")));
    }

    [Fact]
    public void Results_run_around_the_chosen_rate_and_at_smaller_ones_that_learn()
    {
        var preset = Tiny with { Rates = 7, ResultNeighbours = 1, ResultsReachDown = true };
        var laboratory = new Laboratory([new ContinualStudy("tiny", "Tiny", [new ClassIncremental()], [preset])], DeclaredOptimizers.Default);
        var results = Path.Combine(this.directory.Path, "results");
        Assert.Equal(0, CommandLine.Run(["run", "tiny", "--optimizers", "Sgd", "--out", results], laboratory));
        using var store = RunStore.OpenExisting(results);
        var tuning = store.Records.Where(r => r.Phase == Phase.Tuning).OrderBy(r => r.Number("lr")).ToArray();
        double[] grid = [.. tuning.Select(r => r.Number("lr"))];
        Assert.Equal(7, grid.Length);
        var winner = TuningWinner.Of("Sgd", grid, tuning, MetricNames.AverageAccuracy).LearningRate;
        var best = tuning.Where(r => r.Diverged is null).Max(r => r.Metric(MetricNames.LearningAccuracy));
        var expected = tuning.Where((r, i) => Math.Abs(i - Array.IndexOf(grid, winner)) <= 1 || (r.Number("lr") < winner && r.Metric(MetricNames.LearningAccuracy) >= best - 0.1)).Select(r => r.Number("lr"));
        Assert.Equal(expected, store.Records.Where(r => r.Phase == Phase.Result).Select(r => r.Number("lr")).Distinct().Order());
    }

    [Fact]
    public void TensorBoard_gets_an_event_file_for_each_result_run()
    {
        var folder = Path.Combine(this.directory.Path, "events");
        this.Run("results", "Sgd", "--tensorboard", folder);
        var files = Directory.GetFiles(folder, "events.out.tfevents.*", SearchOption.AllDirectories);
        Assert.Equal(2 * 2, files.Length);
        Assert.All(files, file => Assert.Contains("accuracy/task 1", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file))));
    }

    [Fact]
    public void Report_makes_the_page_again_without_training()
    {
        var results = this.Run("results", "Sgd,AdamW");
        File.Delete(Path.Combine(results, "report.html"));
        var runs = Directory.GetFiles(Path.Combine(results, "runs")).ToDictionary(f => f, File.GetLastWriteTimeUtc);
        Assert.Equal(0, CommandLine.Run(["report", results], Laboratory()));
        Assert.True(File.Exists(Path.Combine(results, "report.html")));
        Assert.All(runs, file => Assert.Equal(file.Value, File.GetLastWriteTimeUtc(file.Key)));
    }

    private static Laboratory Laboratory(params Study[] more) =>
        new([new ContinualStudy("tiny", "Tiny", [new ClassIncremental()], [Tiny]), .. more], DeclaredOptimizers.Default);

    private static Dictionary<string, string> Numbers(RunStore store) => store.Records.ToDictionary(r => r.Key, r => string.Join(' ',
        r.Metrics.Where(m => !m.Key.StartsWith("seconds", StringComparison.Ordinal)).OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => FormattableString.Invariant($"{m.Key}={m.Value:R}"))));

    private string Run(string name, string optimizers, params string[] more)
    {
        var results = Path.Combine(this.directory.Path, name);
        Assert.Equal(0, CommandLine.Run(["run", "tiny", "--optimizers", optimizers, "--out", results, .. more], Laboratory()));
        return results;
    }

    /// <summary>A study whose larger learning rate no network survives.</summary>
    private sealed class Diverging : Study
    {
        private readonly ContinualStudy inner = new("diverging", "Diverging", [new ClassIncremental()], [Tiny]);

        public override string Name => this.inner.Name;

        public override string Summary => this.inner.Summary;

        public override IReadOnlyList<Preset> Presets => this.inner.Presets;

        public override IReadOnlyList<string> DefaultMethods(Preset preset) => ["Sgd"];

        public override Method Method(string name, IOptimizerSource optimizers) => base.Method(name, optimizers) with { HighestRate = 1e6 };

        public override IReadOnlyList<Stage> Stages(StudyPlan plan) => this.inner.Stages(plan);

        public override IEnumerable<(string Method, int Count)> Expected(StudyPlan plan) => this.inner.Expected(plan);

        public override OptBias.Lab.Reports.StudyReport Report(StudyPlan plan, IReadOnlyList<RunRecord> runs, OptBias.Lab.Reports.ReportSettings settings) =>
            this.inner.Report(plan, runs, settings);
    }
}
