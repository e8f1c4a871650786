namespace OptBias.Generators.Tests;

/// <summary>What [State] changes in the generated half: the plan, the cost and the documentation, and no pass.</summary>
public sealed class StateTests
{
    private const string Stages = "using OptBias;\n[Optimizer]\n[Momentum(0.9)]\n[Diagonal(0.999)]\n";

    [Fact]
    public void It_is_one_line_of_the_plan_and_a_word_in_the_documentation()
    {
        var plain = Generated("");
        var narrow = Generated("[State(Precision = StatePrecision.BFloat16, StochasticRounding = true, MasterWeights = true, Seed = -2)]\n");
        string[] added =
        [
            "/// State of float32 arithmetic is kept in bfloat16.",
            "/// bfloat16 is rounded stochastically, with the seed -2.",
            "/// bfloat16 and float16 parameters have master weights in float32.",
            "        Storage = new() { Precision = global::OptBias.StatePrecision.BFloat16, StochasticRounding = true, MasterWeights = true, Seed = -2 },",
        ];
        Assert.DoesNotContain("Storage =", plain, StringComparison.Ordinal);
        Assert.All(added, line => Assert.Contains(line + "\n", narrow, StringComparison.Ordinal));
        Assert.Equal(Lines(plain), Lines(narrow.Replace("Storage = Plan.Storage, ", "", StringComparison.Ordinal)).Where(line => !added.Contains(line)));
        Assert.NotEqual(plain.Split('\n').Single(IsFingerprint), narrow.Split('\n').Single(IsFingerprint));
    }

    [Theory]
    [InlineData("[State]\n")]
    [InlineData("[State(Precision = StatePrecision.Arithmetic, StochasticRounding = false)]\n")]
    public void Saying_what_holds_anyway_changes_nothing(string state) => Assert.Equal(Generated(""), Generated(state));

    private static IEnumerable<string> Lines(string text) => text.Split('\n').Where(line => !IsFingerprint(line));

    private static bool IsFingerprint(string line) => line.TrimStart().StartsWith("Fingerprint = ", StringComparison.Ordinal);

    private static string Generated(string state)
    {
        var compilation = DeclarationCompilation.Generate(DeclarationCompilation.Of($"{Stages}{state}public sealed partial class A;"));
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error));
        return compilation.SyntaxTrees.Last().ToString();
    }
}
