using OptBias.Lab.Commands;
using OptBias.Lab.Probes.Rules;
using OptBias.Lab.Probes.Selection;
using OptBias.Lab.Studies;
using OptBias.Lab.Tasks;
using OptBias.Lab.Tests.Commands;
using OptBias.Lab.Training;

namespace OptBias.Lab.Tests.Probes;

public sealed class ExactWishTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => this.directory.Dispose();

    [Theory]
    [InlineData("sees no units", "sees no units")]
    [InlineData("not keeps signs", "not keeps signs")]
    [InlineData("direction.rows.rotations", "direction.rows.rotations")]
    [InlineData("margin.spectral>0.8", "margin.spectral > 0.8")]
    [InlineData("degree < 1", "degree < 1")]
    [InlineData("forgetting<0.2", null)]
    public void A_wish_is_derived_probed_or_stored(string text, string? exact) => Assert.Equal(exact, ExactWish.Parse(text)?.ToString());

    [Theory]
    [InlineData("sees no unit", "Did you mean 'sees no units'?")]
    [InlineData("margin.spectal>0.8", "No probe measures 'margin.spectal'. Did you mean 'margin.spectral'?")]
    public void An_unknown_one_is_answered_with_the_nearest(string text, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => ExactWish.Parse(text)).Message);

    [Fact]
    public void An_optimizer_that_nobody_trained_is_chosen_by_what_it_derives_and_by_its_probes()
    {
        var optimizers = DeclaredOptimizers.With(typeof(OwnSign).Assembly);
        var rules = LineUp.Named(optimizers, [nameof(OwnSign), "Sgd", "SignDescent", "PowerPropSgd", "Lion", nameof(MatricesOnly)]);
        Assert.Equal(["PowerPropSgd"], Meeting(rules, "keeps signs"));
        Assert.Equal(["Lion", nameof(OwnSign), "SignDescent"], Meeting(rules, "sees no units").Order(StringComparer.Ordinal));
        Assert.Equal(["Sgd"], Meeting(rules, "degree>0.5", "elements.rotations"));
        Assert.Equal(["Sgd"], Meeting(rules, "first-step.frobenius>0.99"));
        Assert.Equal([nameof(MatricesOnly)], Meeting(rules, "rows.rotations", "not elements.rotations"));
        Assert.Empty(Meeting(rules, "sees no units", "keeps signs"));
    }

    [Fact]
    public void An_epsilon_that_is_set_breaks_what_it_breaks_by_the_declaration()
    {
        var adam = DeclaredOptimizers.Default.Find("Adam");
        Assert.True(new ProbeRule("Adam", adam).Properties.SeesNoUnits);
        var broken = new ProbeRule("Adam, ε", adam, new Dictionary<string, double> { ["eps"] = 1e-8 }).Properties;
        Assert.False(broken.SeesNoUnits);
        Assert.Null(broken.Degree);
    }

    [Fact]
    public void Exact_wishes_choose_whom_stored_results_rank()
    {
        var tiny = new Preset("quick", Seeds: 2, TuningSeeds: 1, Rates: 2, Epochs: 1, BatchSize: 64, EvaluationLimit: 40);
        var laboratory = new Laboratory([new ContinualStudy("tiny", "Tiny", [new ClassIncremental()], [tiny])], DeclaredOptimizers.Default);
        var (results, output) = (Path.Combine(this.directory.Path, "results"), Path.Combine(this.directory.Path, "select"));
        Assert.Equal(0, CommandLine.Run(["run", "tiny", "--optimizers", "Sgd,AdamW", "--out", results], laboratory));
        Assert.Equal(0, CommandLine.Run(["select", results, "--wish", "forgetting<2", "--wish", "sees no units", "--out", output], laboratory));
        var page = File.ReadAllText(Path.Combine(output, "select.html"));
        Assert.Contains("AdamW", page);
        Assert.DoesNotContain("data-optimizer=\"Sgd\"", page);
        Assert.Equal(2, CommandLine.Run(["select", results, "--wish", "forgetting<2", "--wish", "keeps signs", "--out", output], laboratory));
        Assert.Equal(0, CommandLine.Run(["select", "--wish", "degree>0.5"], laboratory));
    }

    [Fact]
    public void A_rule_of_an_assembly_of_ones_own_is_listed_once()
    {
        var (exit, output, error) = LaboratoryProcess.Run(this.directory.Path, "select", "--assembly", typeof(OwnSign).Assembly.Location, "--wish", "sees no units");
        Assert.True(exit == 0, error);
        Assert.Single(output.Split('\n'), line => line.Split('│').Any(cell => cell.Trim() == nameof(OwnSign)));
    }

    private static IReadOnlyList<string> Meeting(IReadOnlyList<ProbeRule> rules, params string[] wishes) =>
        ExactSelection.Of([.. wishes.Select(w => ExactWish.Parse(w)!)], rules).Meeting;
}
