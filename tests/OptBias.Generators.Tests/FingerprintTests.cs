using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using OptBias.Optimizers;

namespace OptBias.Generators.Tests;

/// <summary>The fingerprint says what a step does, and nothing else: it tells the programs of checkpoints and runs apart.</summary>
public sealed class FingerprintTests
{
    private const string Methods = """
        [Optimizer]
        [Momentum(0.9)]
        [Elementwise(nameof(Scaled))]
        public sealed partial class A
        {
            private const double Late = 0.5;

            static float Scaled(float update, float gradient, float warmth, [Hyper(0.3)] float gamma) => gamma * (update * warmth) + gradient;

            [PerStep]
            static double Warmth(long step, double lr) => Helper.Of(step) * Late * lr;
        }

        static class Helper
        {
            public static double Of(long step) => step > 10 ? 1 : 0.1;
        }
        """;

    [Theory]
    [InlineData("another default", "[Momentum(0.9)]", "[Momentum(0.95)]")]
    [InlineData("another default learning rate", "[Optimizer]", "[Optimizer(LearningRate = 0.5)]")]
    [InlineData("a comment in a method", "=> gamma", "=> /* slowly */ gamma")]
    [InlineData("a comment in a method that runs on the host", "=> Helper", "=> // slowly\n Helper")]
    [InlineData("whitespace", "Helper.Of(step) * Late", "Helper.Of( step )\n   *Late")]
    [InlineData("factors in the other order", "update * warmth", "warmth * update")]
    [InlineData("terms in the other order", "gamma * (update * warmth) + gradient", "gradient + gamma * (update * warmth)")]
    [InlineData("a local variable", "=> gamma * (update * warmth) + gradient;", "{ var warm = update * warmth; return gamma * warm + gradient; }")]
    [InlineData("another name of the class", "class A", "class Another")]
    [InlineData("another name of a helper", "Of(", "ScaleOf(")]
    [InlineData("an unused member", "private const", "private const int Unused = 3; private const")]
    [InlineData("a default of a hyperparameter of one's own", "[Hyper(0.3)]", "[Hyper(0.7)]")]
    [InlineData("the default of an option", "[Momentum(0.9)]", "[Momentum(0.9, Nesterov = false, BiasCorrection = true)]")]
    public void It_is_the_same_with(string what, string old, string replacement) =>
        Assert.True(Of(Methods) == Of(Changed(old, replacement)), what);

    [Theory]
    [InlineData("another operation", "update * warmth", "update - warmth")]
    [InlineData("another signal", "+ gradient;", "+ update;")]
    [InlineData("another constant", "=> gamma", "=> 2 * gamma")]
    [InlineData("a method that runs on the host", "* Late * lr", "* Late")]
    [InlineData("a constant that such a method reads", "Late = 0.5", "Late = 0.25")]
    [InlineData("what such a method calls", "step > 10", "step > 11")]
    [InlineData("another option", "[Momentum(0.9)]", "[Momentum(0.9, Nesterov = true)]")]
    [InlineData("another name of a hyperparameter", "gamma", "delta")]
    [InlineData("a stage more", "[Momentum(0.9)]", "[Momentum(0.9)][WeightDecay(0.1)]")]
    [InlineData("narrow state", "[Momentum(0.9)]", "[Momentum(0.9)][State(Precision = StatePrecision.BFloat16)]")]
    [InlineData("master weights", "[Momentum(0.9)]", "[Momentum(0.9)][State(MasterWeights = true)]")]
    public void It_changes_with(string what, string old, string replacement) =>
        Assert.False(Of(Methods) == Of(Changed(old, replacement)), what);

    [Theory]
    [InlineData("MaxDimension = 64")]
    [InlineData("Root = RootMethod.CoupledNewton")]
    [InlineData("Asynchronous = true")]
    [InlineData("StartAt = 3")]
    [InlineData("Exponent = 0.5")]
    [InlineData("Accumulate = Accumulation.Sum")]
    [InlineData("MergeDimensions = true")]
    [InlineData("Statistic = KroneckerStatistic.KullbackLeibler")]
    public void It_changes_with_a_setting_of_a_matrix_stage(string setting)
    {
        var beta = setting.Contains("Sum", StringComparison.Ordinal) ? "" : "0.99, ";
        Assert.NotEqual(
            Of("[Optimizer][Kronecker(0.99)] public sealed partial class A;"),
            Of($"[Optimizer][Kronecker({beta}{setting})] public sealed partial class A;"));
    }

    [Fact]
    public void The_order_of_arguments_and_a_default_that_is_written_out_do_not_count() => Assert.Equal(
        Of("[Optimizer][Kronecker(0.99, UpdateEvery = 5, Asynchronous = true)] public sealed partial class A;"),
        Of("[Optimizer][Kronecker(0.99, Asynchronous = true, MergeDimensions = false, UpdateEvery = 10)] public sealed partial class A;"));

    [Fact]
    public void Two_stages_that_change_places_are_another_program() => Assert.NotEqual(
        Of("[Optimizer][Momentum(0.9)][ClipByValue(1.0)][WeightDecay(0.01)] public sealed partial class A;"),
        Of("[Optimizer][Momentum(0.9)][WeightDecay(0.01)][ClipByValue(1.0)] public sealed partial class A;"));

    [Fact]
    public void A_composite_has_one_of_its_own_that_changes_with_its_routes()
    {
        const string Route = """
            [Optimizer][Momentum(0.9)] public sealed partial class Narrow;
            [Optimizer][Diagonal(0.9)] public sealed partial class Wide;
            [Optimizer][Route(typeof(Narrow), When = ParameterShape.Matrix)][Route(typeof(Wide))] public sealed partial class A;
            """;
        string[] sources =
        [
            Route,
            Route.Replace("ParameterShape.Matrix", "ParameterShape.Kernel", StringComparison.Ordinal),
            Route.Replace("[Momentum(0.9)]", "[Momentum(0.9, Nesterov = true)]", StringComparison.Ordinal),
            Route.Replace("[Route(typeof(Wide))]", "[Route(typeof(Narrow))]", StringComparison.Ordinal),
        ];
        var fingerprints = sources.Select(source =>
        {
            using var compiled = CompiledOptimizers.Of(source);
            return compiled.Descriptor("A").Fingerprint;
        }).ToList();
        Assert.Equal(sources.Length, fingerprints.Distinct().Count());
        Assert.All(fingerprints, fingerprint => Assert.Matches("^[0-9a-f]{32}$", fingerprint));
    }

    [Fact]
    public void Bundled_optimizers_that_differ_in_what_they_do_differ_in_it()
    {
        var all = OptimizerCatalogue.Of(typeof(AdamW).Assembly).All;
        Assert.All(all, descriptor => Assert.Matches("^[0-9a-f]{32}$", descriptor.Fingerprint));
        Assert.Equal(all.Count, all.Select(descriptor => descriptor.Fingerprint).Distinct().Count());
    }

    private static string Changed(string old, string replacement)
    {
        Assert.Contains(old, Methods, StringComparison.Ordinal);
        return Methods.Replace(old, replacement, StringComparison.Ordinal);
    }

    private static string Of(string source)
    {
        var compilation = DeclarationCompilation.Generate(DeclarationCompilation.Of("using OptBias;\n" + source));
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error));
        return Regex.Match(compilation.SyntaxTrees.Last().ToString(), "Fingerprint = \"([0-9a-f]+)\"").Groups[1].Value;
    }
}
