using OptBias.Lab.Commands;
using OptBias.Lab.Reports;
using OptBias.Lab.Storage;
using OptBias.Lab.Studies;

namespace OptBias.Lab.Tests.Studies;

public sealed class StudiesTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => this.directory.Dispose();

    [Fact]
    public void Continual_runs_all_three_scenarios()
    {
        using var store = RunStore.OpenExisting(TinyStudies.Run("continual", this.directory.Path, "Sgd,AdamW"));
        Assert.Equal((3 * 2 * 2 * 3) + (3 * 2), store.Records.Count);
        Assert.Equal(3, store.Records.Select(r => r.Settings["scenario"]).Distinct().Count());
        var page = this.Page("continual");
        Assert.All(["Forgetting at equal learning accuracy", "permuted", "rotated", "Gradient cosine", "Representation and weights at equal learning accuracy", "Untrained"], part => Assert.Contains(part, page));
    }

    [Fact]
    public void Sparsity_prunes_and_says_what_each_control_explains()
    {
        using var store = RunStore.OpenExisting(TinyStudies.Run("sparsity", this.directory.Path, "SgdMomentum,PowerPropMomentum,PowerPropMomentum-3,PowerPropPreconditionedMomentum,PowerPropSgd,InitOnly,StepSizeOnly,Adam-L1-0.001"));
        foreach (var run in store.Records.Where(r => r.Phase == Phase.Result && r.Diverged is null))
        {
            var pruning = run.Curves.Single(c => c.Name == "pruning");
            Assert.Equal(20, pruning.X.Count);
            Assert.Equal(1, pruning.X[^1]);
            Assert.InRange(run.Metric(MetricNames.LargestSparsity), 0, 1);
            Assert.Equal(1, run.Curves.Single(c => c.Name == "weight histogram").Y.Sum(), 9);
        }

        Assert.All(["Share of", "pruning-curves", "weight-histogram"], part => Assert.Contains(part, this.Page("sparsity")));
        this.AssertFindingsAreAPageWithAForestPlot("sparsity");
    }

    private void AssertFindingsAreAPageWithAForestPlot(params string[] studies)
    {
        var findings = Path.Combine(this.directory.Path, "findings");
        Assert.Equal(0, CommandLine.Run(["findings", .. studies.Select(study => Path.Combine(this.directory.Path, study)), "--out", findings], TinyStudies.Laboratory));
        var page = File.ReadAllText(Path.Combine(findings, "effects.md"));
        Assert.Contains("| PowerPropPreconditionedMomentum less SgdMomentum | hoyer of weights | one task, mlp-128x2 |", page, StringComparison.Ordinal);
        Assert.Contains("Planned: none. Exploratory: ", page, StringComparison.Ordinal);
        Assert.True(new FileInfo(Path.Combine(findings, "figures", "effects.png")).Length > 5000);
        Assert.Contains("as the paper expects", File.ReadAllText(Path.Combine(findings, "figures", "effects.svg")), StringComparison.Ordinal);
    }

    [Fact]
    public void Findings_of_a_study_without_expected_effects_are_refused()
    {
        var results = TinyStudies.Run("similarity", this.directory.Path, "Sgd,Adam");
        Assert.Equal(CommandLine.BadInput, CommandLine.Run(["findings", results, "--out", Path.Combine(this.directory.Path, "findings")], TinyStudies.Laboratory));
    }

    [Fact]
    public void Controls_change_what_they_say_and_nothing_else()
    {
        using var store = RunStore.OpenExisting(TinyStudies.Run("sparsity", this.directory.Path, "SgdMomentum,InitOnly,Adam,Adam-L1-0.01"));
        double Hoyer(string method) => store.Records.Where(r => r.Phase == Phase.Result && r.Method == method && r.Diverged is null).Min(r => r.Metric(MetricNames.WeightHoyer));
        // Uniform weights have Hoyer sparsity 1 − √3/2 ≈ 0.134, their squares 1 − √5/3 ≈ 0.255; training adds to both.
        Assert.True(Hoyer("InitOnly") > Hoyer("SgdMomentum") + 0.05, $"{Hoyer("InitOnly")} against {Hoyer("SgdMomentum")}");
        Assert.True(Hoyer("Adam-L1-0.01") > Hoyer("Adam"), $"{Hoyer("Adam-L1-0.01")} against {Hoyer("Adam")}");
    }

    [Fact]
    public void Similarity_compares_optimizers_at_equal_seed_and_seeds_of_one_optimizer()
    {
        using var store = RunStore.OpenExisting(TinyStudies.Run("similarity", this.directory.Path, "Sgd,AdamW,Adam", "--seeds", "4")); // Of fewer than ten networks none is named.
        var comparisons = store.Records.Where(r => r.Phase == Phase.Comparison).ToLookup(r => r.Method);
        Assert.Equal(6, comparisons.Count);
        Assert.All(comparisons, c => Assert.Equal(c.Key is "Sgd | Sgd" or "AdamW | AdamW" or "Adam | Adam" ? 4 : 8, c.Count()));
        Assert.All(store.Records.Where(r => r.Phase == Phase.Result), r => Assert.True(double.IsFinite(r.Metric(MetricNames.TopHessianEigenvalue))));
        double Cka(string pair, bool acrossSeeds) => comparisons[pair].Where(r => r.Number("second seed") != r.Seed == acrossSeeds).Average(r => r.Metric(MetricNames.LinearCka));
        // Adam and AdamW differ by a decay of 1e-2 times the rate only: from one start they end almost in one place, two seeds do not.
        Assert.True(Cka("AdamW | Adam", false) > 0.99, $"{Cka("AdamW | Adam", false)}");
        Assert.True(Cka("AdamW | Adam", false) > Cka("Adam | Adam", true) + 0.01, $"{Cka("AdamW | Adam", false)} against {Cka("Adam | Adam", true)}");
        // Like with like: across the same seeds they differ as much as the seeds of one of them do.
        Assert.InRange(Cka("AdamW | Adam", true) - Cka("Adam | Adam", true), -0.01, 0.01);
        Assert.All(["Between optimizers, across seeds", "Between optimizers, at equal seed", "Untrained", "named right for"], part => Assert.Contains(part, this.Page("similarity")));
        Assert.All(store.Records.Where(r => r.Phase == Phase.Comparison), r => Assert.True(r.Metric(MetricNames.MatchedLossBarrier) <= r.Metric(MetricNames.LossBarrier) + 0.05));
    }

    [Fact]
    public void Scale_tunes_and_measures_at_every_width()
    {
        using var store = RunStore.OpenExisting(TinyStudies.Run("scale", this.directory.Path, "Sgd,AdamW"));
        Assert.Equal([32, 128], store.Records.Select(r => r.Number("width")).Distinct().Order());
        Assert.Contains("width 32", this.Page("scale"));
        var (study, plan) = TinyStudies.Laboratory.Of(store);
        var answer = study.Report(plan, store.Records, Settings).Answer;
        Assert.Matches("^(Whether f|F)orgetting of Sgd less that of AdamW .*(is not seen to change|grows|shrinks|turns around|changes) with width", Assert.Single(answer));
    }

    [Fact]
    public void A_report_of_an_interrupted_study_counts_the_seeds_that_are_there()
    {
        using var store = RunStore.OpenExisting(TinyStudies.Run("class-incremental", this.directory.Path, "Sgd,AdamW", "--seeds", "3"));
        var (study, plan) = TinyStudies.Laboratory.Of(store);
        StudyReport Of(int seeds) => study.Report(plan, [.. store.Records.Where(r => r.Phase != Phase.Result || r.Seed <= seeds)], Settings);
        Assert.StartsWith("From 1 seed of 3 (the study is not finished), so without intervals", Of(1).Summary.Note, StringComparison.Ordinal);
        Assert.StartsWith("Mean over 2 seeds of 3 (the study is not finished) with its 95% interval (Student's t)", Of(2).Summary.Note, StringComparison.Ordinal);
        Assert.StartsWith("Mean over 3 seeds with its 95% interval (Student's t)", Of(3).Summary.Note, StringComparison.Ordinal);
        Assert.All(Of(1).Figures.Where(f => f.Id is "forgetting-frontier" or "accuracy-over-tasks"), f => Assert.Contains("1 seed of 3 (the study is not finished)", f.Caption, StringComparison.Ordinal));
    }

    private static ReportSettings Settings => new()
    {
        Command = "optbias run",
        Seeds = [1],
        DataFingerprint = "",
        Machines = [],
        Commit = "",
        WallTime = TimeSpan.Zero,
        Runs = 1,
    };

    [Theory]
    [InlineData("mlp-16x3")]
    [InlineData("cnn")]
    [InlineData("transformer")]
    public void Similarity_runs_on_every_model(string model)
    {
        using var store = RunStore.OpenExisting(TinyStudies.Run("similarity", this.directory.Path, "Sgd,AdamW", "--model", model));
        Assert.All(store.Records.Where(r => r.Phase == Phase.Comparison), r => Assert.True(double.IsFinite(r.Metric(MetricNames.MatchedLossBarrier))));
    }

    [Theory]
    [InlineData("continual", "Sgd,Shampoo", "cnn-16", 24)]
    [InlineData("continual", "Sgd,Shampoo", "transformer-8x1", 24)]
    [InlineData("sparsity", "Sgd,Shampoo", "cnn-16", 8)]
    [InlineData("sparsity", "Sgd,Shampoo", "transformer-8x1", 8)]
    [InlineData("scale", "Sgd,AdamW", "cnn-16", 16)]
    public void Every_study_runs_on_every_model(string study, string optimizers, string model, int results)
    {
        using var store = RunStore.OpenExisting(TinyStudies.Run(study, this.directory.Path, optimizers, "--model", model));
        var runs = store.Records.Where(r => r.Phase == Phase.Result).ToArray();
        Assert.Equal(results, runs.Length);
        Assert.All(runs, r => Assert.True(r.Diverged is not null || double.IsFinite(r.Metric(MetricNames.EffectiveRank))));
        Assert.Contains(model, this.Page(study), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("class-incremental", "Sgd,AdamW")]
    [InlineData("sparsity", "SgdMomentum,PowerPropMomentum,PowerPropPreconditionedMomentum")]
    [InlineData("similarity", "Sgd,AdamW")]
    [InlineData("scale", "Sgd,AdamW")]
    public void One_seed_is_one_seed_and_has_no_interval(string study, string optimizers)
    {
        TinyStudies.Run(study, this.directory.Path, optimizers, "--seeds", "1");
        var page = this.Page(study);
        Assert.Contains("1 seed ", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\b1 (seeds|passes|runs)\b", page);
        // In tables and sentences an interval stands in brackets behind its estimate.
        Assert.DoesNotMatch(@"\[−?[\d.]+, −?[\d.]+\]", page);
        Assert.Contains("nothing here tells an optimizer from chance", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Select_ranks_the_optimizers_by_wishes_over_stored_results()
    {
        var continual = TinyStudies.Run("class-incremental", this.directory.Path, "Sgd,AdamW");
        var sparsity = TinyStudies.Run("sparsity", this.directory.Path, "Sgd,AdamW,Adam");
        var output = Path.Combine(this.directory.Path, "select");
        Assert.Equal(0, CommandLine.Run(["select", continual, sparsity, "--wish", "forgetting<2", "--wish", "sparsity>0", "--within", "accuracy:0.5", "--out", output], TinyStudies.Laboratory));
        var page = File.ReadAllText(Path.Combine(output, "select.html"));
        Assert.All(["Sgd", "AdamW", "forgetting &lt; 2", "Pareto"], part => Assert.Contains(part, page));
        Assert.DoesNotContain(">Adam<", page);
        Assert.Equal(2, CommandLine.Run(["select", continual, "--wish", "forgeting<0.5", "--out", output], TinyStudies.Laboratory));
        Assert.Equal(2, CommandLine.Run(["select", continual, "--wish", "forgetting=0.5", "--out", output], TinyStudies.Laboratory));
        Assert.Equal(2, CommandLine.Run(["select", continual, "--out", output], TinyStudies.Laboratory));
    }

    /// <summary>The two studies tune at other rates: a forgetting of the one and a sparsity of the other are no network's.</summary>
    [Fact]
    public void Select_answers_alike_in_any_order_and_joins_no_numbers_of_different_networks()
    {
        var a = TinyStudies.Run("class-incremental", this.directory.Path, "Sgd,AdamW");
        var b = TinyStudies.Run("sparsity", this.directory.Path, "Sgd,AdamW");
        string[] wishes = ["--wish", "rank>65", "--wish", "sparsity>0.4", "--within", "accuracy:0.05"];
        string Ask(string name, params string[] folders)
        {
            var output = Path.Combine(this.directory.Path, name);
            Assert.Equal(0, CommandLine.Run(["select", .. folders, .. wishes, "--out", output], TinyStudies.Laboratory));
            return File.ReadAllText(Path.Combine(output, "select.html"));
        }

        Assert.Equal(Ask("one", a, b), Ask("two", b, a));
        Assert.Equal(Ask("three", a), Ask("four", b, a));
        Assert.Equal(2, CommandLine.Run(["select", a, b, "--wish", "forgetting<1", "--wish", "accuracy_at_10_percent_kept>0", "--wish", "linear_cka>0", "--out", Path.Combine(this.directory.Path, "five")], TinyStudies.Laboratory));
        var similarity = TinyStudies.Run("similarity", this.directory.Path, "Sgd,AdamW");
        var (before, error) = (Console.Error, new StringWriter());
        Console.SetError(error);
        var exit = CommandLine.Run(["select", similarity, b, "--wish", "sharpness<9", "--wish", "sparsity>0", "--out", Path.Combine(this.directory.Path, "six")], TinyStudies.Laboratory);
        Console.SetError(before);
        Assert.Equal(2, exit);
        Assert.Contains("No study measured all of it on the same networks: top_hessian_eigenvalue in similarity; largest_sparsity in sparsity.", error.ToString());
    }

    /// <summary>A method that shapes the initial weights starts where its weights are, not where those of the others are.</summary>
    [Fact]
    public void The_untrained_network_stands_beside_every_representation_and_every_start()
    {
        using var store = RunStore.OpenExisting(TinyStudies.Run("sparsity", this.directory.Path, "SgdMomentum,InitOnly"));
        var untrained = store.Records.Where(r => r.Phase == Phase.Untrained).ToLookup(r => r.Number("initial power"), r => r.Metric(MetricNames.WeightHoyer));
        Assert.Equal([1, 2], untrained.Select(u => u.Key).Order());
        // Uniform weights and their squares, layer by layer at one scale each.
        Assert.All(untrained[2], hoyer => Assert.True(hoyer > untrained[1].Max() + 0.05));
        var trained = store.Records.Where(r => r.Phase == Phase.Result && r.Diverged is null).ToArray();
        Assert.All(trained, r => Assert.True(r.Metric(MetricNames.WeightChangeNorm) > 0 && r.Metric(MetricNames.RelativeWeightChange) > 0));
        Assert.Contains("as InitOnly starts", this.Page("sparsity"));
    }

    private string Page(string study) => File.ReadAllText(Path.Combine(this.directory.Path, study, "report.html"));
}
