using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OptBias.Generators.Tests;

/// <summary>What has not changed is not generated again.</summary>
public sealed class IncrementalTests
{
    private const string Optimizers = """
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
        Assert.Equal([IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached], texts.OrderBy(reason => reason));
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

    private static (GeneratorDriver Driver, CSharpCompilation Compilation) FirstRun(string other)
    {
        var compilation = DeclarationCompilation.Of(Optimizers).AddSyntaxTrees(Parse(other));
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new OptimizerGenerator().AsSourceGenerator()],
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        return (driver.RunGenerators(compilation), compilation);
    }

    private static SyntaxTree Parse(string source) => CSharpSyntaxTree.ParseText(source);

    private static List<(string Step, IncrementalStepRunReason Reason)> StepsOf(GeneratorDriver driver)
    {
        var steps = driver.GetRunResult().Results.Single().TrackedSteps;
        var reasons = TrackedSteps.SelectMany(name => steps[name].SelectMany(step => step.Outputs).Select(output => (name, output.Reason))).ToList();
        Assert.Equal(4, reasons.Count);
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
