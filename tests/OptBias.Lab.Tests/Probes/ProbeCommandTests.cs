using System.Text.Json;
using OptBias.Lab.Commands;
using OptBias.Lab.Probes;
using OptBias.Lab.Probes.Rules;
using OptBias.Lab.Tests.Commands;
using OptBias.Lab.Training;

namespace OptBias.Lab.Tests.Probes;

public sealed class ProbeCommandTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private static string OwnAssembly => typeof(OwnSign).Assembly.Location;

    public void Dispose() => this.directory.Dispose();

    [Fact]
    public void A_declaration_of_your_own_is_explained_and_trained_with_one_command()
    {
        Assert.Equal(0, CommandLine.Run(["explain", nameof(OwnSign), "--assembly", OwnAssembly]));
        var results = Path.Combine(this.directory.Path, "own");
        Assert.Equal(0, CommandLine.Run(["run", "class-incremental", "--optimizers", $"{nameof(OwnSign)},Sgd", "--seeds", "1", "--assembly", OwnAssembly, "--out", results], Studies.TinyStudies.Laboratory));
        Assert.Equal(0, CommandLine.Run(["report", results, "--assembly", OwnAssembly], Studies.TinyStudies.Laboratory));
        Assert.Contains($"--assembly {Path.GetFileName(OwnAssembly)}", File.ReadAllText(Path.Combine(results, "report.html")), StringComparison.Ordinal);
        Assert.Equal(CommandLine.BadInput, CommandLine.Run(["report", results], Studies.TinyStudies.Laboratory));
    }

    [Fact]
    public void A_declaration_of_your_own_is_probed_with_one_command_beside_bundled_ones()
    {
        var output = Path.Combine(this.directory.Path, "probe");
        Assert.Equal(0, CommandLine.Run(["probe", nameof(OwnSign), "Sgd", "--assembly", OwnAssembly, "--out", output]));
        var page = File.ReadAllText(Path.Combine(output, "report.html"));
        Assert.All([nameof(OwnSign), "Sgd", "Matrix margin", "Certificate.", "arXiv 1710.10345", "<svg", "measurements are as predicted: first step "], part => Assert.Contains(part, page));
        Assert.DoesNotContain("http:", page.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal));
        Assert.All(
            ["figures/probe-matrix.png", "figures/probe-matrix.svg", "figures/geometry-matrix.png", "probes.parquet"],
            file => Assert.True(new FileInfo(Path.Combine(output, file)).Length > 1000, file));
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "probes.json")));
        Assert.Equal(2 * ProbeSuite.All.Count, json.RootElement.GetProperty("outcomes").GetArrayLength());
    }

    [Theory]
    [InlineData("Unknown optimizer 'Adm'. Did you mean 'Adam'?", "probe", "Adm")]
    [InlineData("The optimizer Sgd is named twice", "probe", "Sgd", "sgd")]
    [InlineData("nowhere.dll: there is no such file", "probe", "--assembly", "nowhere.dll")]
    [InlineData("--quick chooses the optimizers", "probe", "Sgd", "--quick")]
    [InlineData("No probe is called 'margins'", "probe", "Sgd", "--only", "margins")]
    [InlineData("give either them or --only", "probe", "Sgd", "--only", "margin", "--cards", "cards")]
    [InlineData("at least one seed", "probe", "Sgd", "--seeds", "0")]
    public void Bad_input_is_one_clear_line(string message, params string[] arguments)
    {
        var (exit, _, error) = LaboratoryProcess.Run(this.directory.Path, arguments);
        Assert.Equal(2, exit);
        Assert.StartsWith("optbias: ", error);
        Assert.Contains(message, error);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void One_probe_alone_is_run_from_several_seeds_and_has_intervals()
    {
        Assert.Equal(0, CommandLine.Run(["probe", "Adam", "--only", "weight-change", "--seeds", "3", "--out", this.directory.Path]));
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(this.directory.Path, "probes.json")));
        var values = json.RootElement.GetProperty("outcomes").EnumerateArray().Single().GetProperty("values");
        double Value(string name) => values.GetProperty("weight-change." + name).GetDouble();
        Assert.True(Value("hidden.low") < Value("hidden") && Value("hidden") < Value("hidden.high"));
        Assert.InRange(Value("accuracy"), 0.5, 1);
    }

    [Fact]
    public void A_file_that_is_no_assembly_or_declares_nothing_is_said_to_be_so()
    {
        var text = Path.Combine(this.directory.Path, "text.dll");
        File.WriteAllText(text, "text");
        var laboratory = Laboratory.Default;
        Assert.Contains("is no .NET assembly", Assert.Throws<ArgumentException>(() => laboratory.With(text)).Message);
        Assert.Contains("declares no optimizer", Assert.Throws<ArgumentException>(() => laboratory.With(typeof(FactAttribute).Assembly.Location)).Message);
        Assert.Contains("no hyperparameter 'gamma'", Assert.Throws<ArgumentException>(() => new ProbeRule("x", laboratory.Optimizers.Find("Adam"), new Dictionary<string, double> { ["gamma"] = 1 })).Message);
    }

    [Fact]
    public void A_rule_that_explodes_or_has_nothing_for_a_shape_is_an_outcome_that_says_so()
    {
        var own = DeclaredOptimizers.With(typeof(OwnSign).Assembly);
        var rules = LineUp.Named(own, [nameof(Exploding), nameof(MatricesOnly)]);
        foreach (var probe in ProbeSuite.All)
        {
            var exploding = probe.Run(rules[0]);
            // Two probes end before it explodes.
            if (probe is not (FirstStepProbe or RareClassesProbe))
                Assert.Matches("not finite|finite numbers", exploding.Failure);
            Assert.All(exploding.Values.Values, value => Assert.False(double.IsPositiveInfinity(value)));
        }

        Assert.Matches("cannot run here: .*no route takes it", ProbeSuite.All.OfType<EdgeOfStabilityProbe>().Single().Run(rules[1]).Failure);
        Assert.Null(ProbeSuite.All.OfType<FirstStepProbe>().Single().Run(rules[1]).Failure);
    }
}
