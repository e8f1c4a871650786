using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Tests;

/// <summary>What makes a declaration impossible is said by the generator itself, once, whatever is switched off; all names are there.</summary>
public sealed class GeneratorErrorTests
{
    private const string User = """
        namespace Use;

        class Trainer
        {
            public Declared.MyAdam.Options? Settings { get; set; }
            public System.Collections.Generic.List<Declared.MyAdam.ParamGroup> Groups { get; } = [];
            public OptBias.OptimizerDescriptor About => Declared.MyAdam.Descriptor;
            public string Text => Declared.MyAdam.Equations + Declared.MyAdam.Cost;
            public OptBias.DeclaredOptimizer Make(System.Collections.Generic.IEnumerable<TorchSharp.Modules.Parameter> parameters)
            {
                using var grouped = new Declared.MyAdam([new Declared.MyAdam.ParamGroup(parameters, new Declared.MyAdam.Options { LearningRate = 0.1, weight_decay = 0.5 })], lr: 1e-3);
                grouped.zero_grad();
                grouped.step();
                return new Declared.MyAdam(parameters, lr: 1e-3, weight_decay: 0.1, maximize: true);
            }
        }
        """;

    public static TheoryData<string> Errors => [.. Descriptors.ById.Values.Where(d => d.DefaultSeverity == DiagnosticSeverity.Error).Select(d => d.Id).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Errors))]
    public void The_generator_reports_every_error_and_no_setting_turns_it_off(string id)
    {
        Assert.Contains(WellKnownDiagnosticTags.NotConfigurable, Descriptors.ById[id].CustomTags);
        var compilation = DeclarationCompilation.Of("#pragma warning disable\n" + DiagnosticPage.Read(id).Code("Wrong"));
        var lenient = compilation.WithOptions(compilation.Options.WithSpecificDiagnosticOptions(new Dictionary<string, ReportDiagnostic> { [id] = ReportDiagnostic.Suppress }));
        var error = Assert.Single(DeclarationCompilation.Run(lenient).Diagnostics);
        Assert.Equal((id, DiagnosticSeverity.Error, false), (error.Id, error.Severity, error.IsSuppressed));
        Assert.Equal("Declarations.cs", error.Location.GetLineSpan().Path);
    }

    [Fact]
    public void Warnings_are_left_to_the_analyzer() =>
        Assert.Empty(DeclarationCompilation.Run(DeclarationCompilation.Of("using OptBias;\n[Optimizer, Sign, Sign] public sealed partial class A;")).Diagnostics);

    [Theory]
    [InlineData("Momentum(1.0), Diagonal(0.999), WeightDecay(0.1)", "")]
    [InlineData("Momentum(0.9), Momentum(0.9), Diagonal(0.999), WeightDecay(0.1)", "")]
    [InlineData("Elementwise(nameof(Rule)), WeightDecay(0.1)", "static float Rule(float update) => System.MathF.Sin(update);")]
    [InlineData("Momentum(0.9, Name = \"a b\"), WeightDecay(0.1)", "")]
    [InlineData("Momentum(undefined), WeightDecay(0.1)", "")]
    [InlineData("WeightDecay(0.1), Elementwise(nameof(Rule))", "static float Rule(float update, [Hyper(undefined)] float share) => update * share;")]
    [InlineData("WeightDecay(0.1), PowerLaw(2)", "")]
    [InlineData("WeightDecay(double.NaN), KroneckerBasis(2, UpdateEvery = 0), Graft(Grafting.Sgd)", "")]
    public void A_declaration_with_errors_has_all_names_that_a_user_may_mention(string stages, string members)
    {
        var compilation = DeclarationCompilation.Of($"using OptBias;\nnamespace Declared;\n[Optimizer, {stages}]\npublic sealed partial class MyAdam {{ {members} }}")
            .AddSyntaxTrees(CSharpSyntaxTree.ParseText(User, path: "User.cs"));
        var output = DeclarationCompilation.Generate(compilation);
        Assert.Empty(output.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error && d.Location.SourceTree?.FilePath != "Declarations.cs"));
    }

    [Theory]
    [InlineData("public partial struct MyAdam;", "OB0004")]
    [InlineData("public partial record MyAdam;", "OB0004")]
    [InlineData("public partial record struct MyAdam;", "OB0004")]
    [InlineData("public abstract partial class MyAdam;", "OB0004")]
    [InlineData("public static partial class MyAdam;", "OB0004")]
    [InlineData("public partial interface MyAdam;", "OB0004")]
    [InlineData("public partial class MyAdam(int x) { public int X => x; }", "OB0004")]
    [InlineData("public partial class MyAdam : System.Collections.Generic.List<int>;", "OB0005")]
    [InlineData("public partial class MyAdam { public static int Plan => 1; }", "OB0048")]
    [InlineData("public partial class MyAdam { public static OptBias.UpdateCost Cost => null!; }", "OB0048")]
    public void What_cannot_be_an_optimizer_has_the_types_and_the_description(string header, string id)
    {
        var compilation = DeclarationCompilation.Of($"using OptBias;\nnamespace Declared;\n[Optimizer, Momentum(0.9)]\n{header}")
            .AddSyntaxTrees(CSharpSyntaxTree.ParseText("""
                class Trainer
                {
                    public OptBias.OptimizerDescriptor About => Declared.MyAdam.Descriptor;
                    public string Text => Declared.MyAdam.Equations + Declared.MyAdam.Cost;
                    TYPES
                }
                """.Replace("TYPES", header.Contains("Plan", StringComparison.Ordinal) ? "" : "public Declared.MyAdam.Options? Settings; public Declared.MyAdam.ParamGroup? Group;", StringComparison.Ordinal), path: "User.cs"));
        var (output, diagnostics) = DeclarationCompilation.Run(compilation);
        Assert.Equal([id], diagnostics.Select(d => d.Id).Distinct());

        // That the attribute stands on no class, the compiler says too.
        Assert.Empty(output.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error && d.Id != "CS0592"));
    }

    [Theory]
    [InlineData("[Optimizer, Momentum(undefined)] public sealed partial class A;")]
    [InlineData("[Optimizer, Momentum] public sealed partial class A;")]
    [InlineData("[Optimizer, Momentum(\"0.9\")] public sealed partial class A;")]
    [InlineData("[Optimizer, Diagonal(0.9, Epsilon = undefined)] public sealed partial class A;")]
    [InlineData("[Optimizer, Elementwise(Missing)] public sealed partial class A { static float F(float update) => update; }")]
    [InlineData("[Optimizer, Route(typeof(Missing))] public sealed partial class A;")]
    [InlineData("[Optimizer, Sign, State(Precision = StatePrecision.Float8)] public sealed partial class A;")]
    [InlineData("[Optimizer(LearningRate = undefined)] public sealed partial class A;")]
    [InlineData("[Optimizer, Elementwise(nameof(F))] public sealed partial class A { static float F(float update, [Hyper(undefined)] float k) => update * k; }")]
    [InlineData("[Optimizer, Diagonal(0.9, Statistic = DiagonalStatistic.Medium)] public sealed partial class A;")]
    public async Task An_attribute_that_does_not_compile_has_the_compilers_error_alone(string declaration)
    {
        var compilation = DeclarationCompilation.Of("using OptBias;\n" + declaration);
        Assert.Empty(await DeclarationCompilation.AnalyzeAsync(compilation));
        var (output, diagnostics) = DeclarationCompilation.Run(compilation);
        Assert.Empty(diagnostics);
        Assert.Single(output.GetDiagnostics(), d => d.Severity == DiagnosticSeverity.Error);
    }

    [Fact]
    public void The_place_of_an_error_is_where_the_analyzer_says()
    {
        var error = Assert.Single(DeclarationCompilation.Run(DeclarationCompilation.Of("using OptBias;\n\n[Optimizer]\n[Momentum(1.5)]\npublic sealed partial class A;")).Diagnostics);
        Assert.Equal("'beta' of [Momentum] is 1.5, which is not in [0, 1)", error.GetMessage(CultureInfo.InvariantCulture));
        Assert.Equal("Declarations.cs: (3,1)-(3,14)", error.Location.GetLineSpan().ToString());
    }
}
