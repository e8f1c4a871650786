using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OptBias.Generators.Tests;

/// <summary>What has not changed is not generated again.</summary>
public sealed class IncrementalTests
{
    private const string Optimizers = """
        using System;
        using OptBias;

        namespace Sample;

        [Optimizer]
        [Momentum(0.9)]
        [Diagonal(0.999)]
        [WeightDecay(0.01)]
        public sealed partial class One;

        [Optimizer]
        [HeavyBall(0.9)]
        public sealed partial class Two;

        [Optimizer]
        [Elementwise(nameof(Rule))]
        public sealed partial class Three
        {
            static float Rule(float update, ref float slow, [Hyper(0.1)] float gamma, float warmth)
            {
                slow += gamma * (update - slow);
                return warmth * slow;
            }

            [PerStep]
            static double Warmth(long step, double gamma) => Math.Min(1, step * gamma);
        }
        """;

    private static readonly string[] TrackedSteps = [OptimizerGenerator.Steps.Reading, OptimizerGenerator.Steps.Text];

    [Fact]
    public void An_edit_in_another_file_changes_nothing()
    {
        var (driver, compilation) = FirstRun("class Other;");
        var edited = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees.Last(), Parse("class Other { int field; }"));
        Assert.All(StepsOf(driver.RunGenerators(edited)), AssertUnchanged);
    }

    [Fact]
    public void An_edit_of_another_type_in_the_same_file_changes_nothing()
    {
        var (driver, compilation) = FirstRun("class Other;");
        var edited = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees.First(), Parse(Optimizers + "\npublic class Unrelated { public int Field; }"));
        Assert.All(StepsOf(driver.RunGenerators(edited)), AssertUnchanged);
    }

    [Fact]
    public void A_comment_above_an_optimizer_does_not_generate_it_again()
    {
        var (driver, compilation) = FirstRun("class Other;");
        var edited = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees.First(), Parse(Optimizers.Replace("[Optimizer]\n[HeavyBall", "// Moves everything down.\n[Optimizer]\n[HeavyBall", StringComparison.Ordinal)));
        Assert.All(StepsOf(driver.RunGenerators(edited)), AssertUnchanged);
    }

    [Fact]
    public void A_changed_declaration_is_generated_again_and_its_neighbour_is_not()
    {
        var (driver, compilation) = FirstRun("class Other;");
        var edited = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees.First(), Parse(Optimizers.Replace("HeavyBall(0.9)", "HeavyBall(0.8)", StringComparison.Ordinal)));
        var result = driver.RunGenerators(edited).GetRunResult().Results.Single();
        var texts = result.TrackedSteps[OptimizerGenerator.Steps.Text].SelectMany(step => step.Outputs).Select(output => output.Reason).ToList();
        Assert.Equal([IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached, IncrementalStepRunReason.Cached], texts.OrderBy(reason => reason));
    }

    [Theory]
    [InlineData("slow += gamma * (update - slow);", "slow += (gamma * (update - slow));")]
    [InlineData("return warmth * slow;", "/* Warm. */ return warmth * slow;")]
    [InlineData("step * gamma", "step /* counted from 1 */ * gamma")]
    [InlineData("float Rule(float update, ref float slow", "double Rule(float update, ref double slow")]
    public void An_edit_of_a_per_element_method_that_means_the_same_does_not_generate_it_again(string before, string after)
    {
        var (driver, compilation) = FirstRun("class Other;");
        Assert.Contains(before, Optimizers, StringComparison.Ordinal);
        var edited = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees.First(), Parse(Optimizers.Replace(before, after, StringComparison.Ordinal)));
        Assert.All(StepsOf(driver.RunGenerators(edited)), AssertUnchanged);
    }

    [Theory]
    [InlineData("slow += gamma", "slow -= gamma")]
    [InlineData("return warmth * slow;", "return warmth * slow * -0f;")]
    [InlineData("[Hyper(0.1)]", "[Hyper(0.2)]")]
    [InlineData("long step, double gamma", "long step, double lr")]
    [InlineData("step * gamma", "2 * step * gamma")]
    public void A_changed_per_element_method_is_generated_again(string before, string after)
    {
        var (driver, compilation) = FirstRun("class Other;");
        var edited = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees.First(), Parse(Optimizers.Replace(before, after, StringComparison.Ordinal)));
        Assert.Contains(IncrementalStepRunReason.Modified, StepsOf(driver.RunGenerators(edited)).Select(step => step.Reason));
    }

    [Fact]
    public void One_more_declaration_among_a_thousand_is_generated_alone()
    {
        var (driver, compilation) = RunOfThousand();
        var run = driver.RunGenerators(compilation.AddSyntaxTrees(Parse("using OptBias;\n[Optimizer, Sign] public sealed partial class OneMore;")));
        AssertOnly(IncrementalStepRunReason.New, among: 1001, run);
    }

    [Fact]
    public void A_declaration_edited_among_a_thousand_is_generated_alone()
    {
        var (driver, compilation) = RunOfThousand();
        var tree = compilation.SyntaxTrees[37];
        var edited = compilation.ReplaceSyntaxTree(tree, Parse(tree.ToString().Replace("Momentum(0.5)", "Momentum(0.25)", StringComparison.Ordinal)));
        AssertOnly(IncrementalStepRunReason.Modified, among: 1000, driver.RunGenerators(edited));
    }

    [Fact]
    public void A_declaration_with_a_name_alike_leaves_the_others_alone()
    {
        var (driver, compilation) = RunOfThousand();
        var run = driver.RunGenerators(compilation.AddSyntaxTrees(Parse("using OptBias;\n[Optimizer, Sign] public sealed partial class OPTIMIZER7;")));
        var texts = run.GetRunResult().Results.Single().TrackedSteps[OptimizerGenerator.Steps.Text].SelectMany(step => step.Outputs).ToList();
        Assert.Equal(1000, texts.Count(text => text.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged));
        Assert.Equal(1001, run.GetRunResult().GeneratedTrees.Length);
    }

    [Fact]
    public void The_two_zeros_are_two_programs()
    {
        var plus = Optimizers.Replace("return warmth * slow;", "return slow / 0f;", StringComparison.Ordinal);
        var compilation = DeclarationCompilation.Of(plus).AddSyntaxTrees(Parse("class Other;"));
        var driver = Driver().RunGenerators(compilation);
        var edited = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees.First(), Parse(plus.Replace("0f", "-0f", StringComparison.Ordinal)));
        Assert.Contains(IncrementalStepRunReason.Modified, StepsOf(driver.RunGenerators(edited)).Select(step => step.Reason));
    }

    [Fact]
    public void No_step_keeps_a_symbol_or_a_syntax_node()
    {
        var (driver, _) = FirstRun("class Other;");
        foreach (var name in TrackedSteps)
        {
            foreach (var output in driver.GetRunResult().Results.Single().TrackedSteps[name].SelectMany(step => step.Outputs))
                AssertPlain(output.Value, []);
        }
    }

    [Fact]
    public void An_error_is_a_plain_value_and_its_place_is_not_part_of_the_text()
    {
        const string Wrong = "using OptBias;\n[Optimizer, Momentum(1.5)] public sealed partial class Wrong;";
        var compilation = DeclarationCompilation.Of(Wrong).AddSyntaxTrees(Parse("class Other;"));
        var driver = Driver().RunGenerators(compilation);
        AssertPlain(Assert.Single(OutputsOf(driver, OptimizerGenerator.Steps.Errors)).Value, []);

        var elsewhere = driver.RunGenerators(compilation.ReplaceSyntaxTree(compilation.SyntaxTrees.Last(), Parse("class Other { int field; }")));
        Assert.All(TrackedSteps.Append(OptimizerGenerator.Steps.Errors), step => AssertUnchanged((step, Assert.Single(OutputsOf(elsewhere, step)).Reason)));

        var moved = driver.RunGenerators(compilation.ReplaceSyntaxTree(compilation.SyntaxTrees.First(), CSharpSyntaxTree.ParseText("// Down.\n" + Wrong, path: "Declarations.cs")));
        Assert.Equal(IncrementalStepRunReason.Modified, Assert.Single(OutputsOf(moved, OptimizerGenerator.Steps.Errors)).Reason);
        AssertUnchanged((OptimizerGenerator.Steps.Text, Assert.Single(OutputsOf(moved, OptimizerGenerator.Steps.Text)).Reason));
        Assert.Equal("Declarations.cs: (2,12)-(2,25)", Assert.Single(moved.GetRunResult().Diagnostics).Location.GetLineSpan().ToString());
    }

    [Fact]
    public void Nothing_comes_of_the_step_for_errors_where_there_are_none()
    {
        var (driver, _) = FirstRun("class Other;");
        Assert.False(driver.GetRunResult().Results.Single().TrackedSteps.ContainsKey(OptimizerGenerator.Steps.Errors));
    }

    private static List<(object Value, IncrementalStepRunReason Reason)> OutputsOf(GeneratorDriver driver, string step) =>
        [.. driver.GetRunResult().Results.Single().TrackedSteps[step].SelectMany(run => run.Outputs)];

    private static (GeneratorDriver Driver, CSharpCompilation Compilation) FirstRun(string other)
    {
        var compilation = DeclarationCompilation.Of(Optimizers).AddSyntaxTrees(Parse(other));
        return (Driver().RunGenerators(compilation), compilation);
    }

    /// <summary>A thousand declarations, ten to a file, generated.</summary>
    private static (GeneratorDriver Driver, CSharpCompilation Compilation) RunOfThousand()
    {
        var files = Enumerable.Range(0, 1000).Chunk(10).Select(numbers => Parse(
            "using OptBias;\n" + string.Concat(numbers.Select(number => FormattableString.Invariant($"[Optimizer, Momentum(0.{1 + (number % 9)})] public sealed partial class Optimizer{number};\n")))));
        var compilation = DeclarationCompilation.Of("class Other;").AddSyntaxTrees(files);
        return (Driver().RunGenerators(compilation), compilation);
    }

    /// <summary>One output of each step is anew, and so is one of the files; all others are taken over.</summary>
    private static void AssertOnly(IncrementalStepRunReason reason, int among, GeneratorDriver driver)
    {
        var result = driver.GetRunResult().Results.Single();
        foreach (var step in TrackedSteps.Select(name => result.TrackedSteps[name]).Append(result.TrackedOutputSteps[WellKnownGeneratorOutputs.SourceOutput]))
        {
            var reasons = step.SelectMany(run => run.Outputs).Select(output => output.Reason).ToList();
            Assert.Equal(among, reasons.Count);
            Assert.Equal(reason, Assert.Single(reasons, r => r is not (IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged)));
        }
    }

    private static GeneratorDriver Driver() => CSharpGeneratorDriver.Create(
        [new OptimizerGenerator().AsSourceGenerator()],
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    private static SyntaxTree Parse(string source) => CSharpSyntaxTree.ParseText(source);

    private static List<(string Step, IncrementalStepRunReason Reason)> StepsOf(GeneratorDriver driver)
    {
        var steps = driver.GetRunResult().Results.Single().TrackedSteps;
        var reasons = TrackedSteps.SelectMany(name => steps[name].SelectMany(step => step.Outputs).Select(output => (name, output.Reason))).ToList();
        Assert.Equal(6, reasons.Count);
        return reasons;
    }

    private static void AssertUnchanged((string Step, IncrementalStepRunReason Reason) step) =>
        Assert.True(step.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{step.Step} was {step.Reason}.");

    /// <summary>Walks a value's fields: none may reach into the compilation, which would keep it alive and never be equal.</summary>
    private static void AssertPlain(object? value, HashSet<object> seen)
    {
        if (value is null || value is string || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value))
            return;
        Assert.False(value is ISymbol or SyntaxNode or SyntaxTree or Compilation or SemanticModel, $"{value.GetType()} is kept.");
        if (value is System.Collections.IEnumerable items)
        {
            foreach (var item in items)
                AssertPlain(item, seen);
        }

        foreach (var field in value.GetType().GetFields(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Public))
        {
            if (!field.FieldType.IsPointer)
                AssertPlain(field.GetValue(value), seen);
        }
    }
}
