using Microsoft.CodeAnalysis.CodeFixes;
using OptBias.CodeFixes;

namespace OptBias.Generators.Tests;

public sealed class CodeFixTests
{
    [Theory]
    [InlineData("[Optimizer]\npublic sealed class A;", "[Optimizer]\npublic sealed partial class A;")]
    [InlineData("[Optimizer]\nclass A;", "[Optimizer]\npartial class A;")]
    [InlineData("// Why.\npublic static class Outer\n{\n    [Optimizer]\n    sealed partial class A;\n}", "// Why.\npublic static partial class Outer\n{\n    [Optimizer]\n    sealed partial class A;\n}")]
    [InlineData("// Why.\nstruct Outer\n{\n    [Optimizer]\n    sealed partial class A;\n}", "// Why.\npartial struct Outer\n{\n    [Optimizer]\n    sealed partial class A;\n}")]
    public Task Partial_is_written_last_of_the_modifiers(string wrong, string right) => Mends(new MakePartialCodeFix(), wrong, right);

    [Theory]
    [InlineData("[Momentum(0.99)]", "[Momentum(0.99, Name = \"Second\")]")]
    [InlineData("[Momentum(0.99, Nesterov = true)]", "[Momentum(0.99, Nesterov = true, Name = \"Second\")]")]
    public Task A_second_stage_is_given_a_name(string wrong, string right) => Mends(
        new AddStageNameCodeFix(),
        $"[Optimizer]\n[Momentum(0.9)]\n{wrong}\npublic sealed partial class A;",
        $"[Optimizer]\n[Momentum(0.9)]\n{right}\npublic sealed partial class A;");

    [Fact]
    public Task A_third_stage_is_given_a_name_that_is_free() => Mends(
        new AddStageNameCodeFix(),
        "[Optimizer, Momentum(0.9), Momentum(0.99, Name = \"Second\"), Momentum(0.999)]\npublic sealed partial class A;",
        "[Optimizer, Momentum(0.9), Momentum(0.99, Name = \"Second\"), Momentum(0.999, Name = \"Third\")]\npublic sealed partial class A;");

    [Fact]
    public Task A_name_that_is_taken_is_replaced() => Mends(
        new AddStageNameCodeFix(),
        "[Optimizer]\n[Momentum(0.9, Name = \"Slow\")]\n[Momentum(0.99, Name = \"Slow\")]\npublic sealed partial class A;",
        "[Optimizer]\n[Momentum(0.9, Name = \"Slow\")]\n[Momentum(0.99, Name = \"Second\")]\npublic sealed partial class A;");

    [Theory]
    [InlineData("[Optimizer]\n[Diagonal(0.9)]\n[Diagonal(0.99, Name = \"B\")]\npublic sealed partial class A;", "[Optimizer]\n[Diagonal(0.9)]\npublic sealed partial class A;")]
    [InlineData("[Optimizer, Sign, Sign]\npublic sealed partial class A;", "[Optimizer, Sign]\npublic sealed partial class A;")]
    public Task A_stage_that_is_there_twice_is_removed(string wrong, string right) => Mends(new RemoveStageCodeFix(), wrong, right);

    [Fact]
    public Task Removing_the_first_attribute_keeps_the_comment_of_the_class() => Mends(
        new RemoveStageCodeFix(),
        "/// <summary>Not an optimizer.</summary>\n[Sign]\npublic sealed partial class A;",
        "/// <summary>Not an optimizer.</summary>\npublic sealed partial class A;");

    [Theory]
    [InlineData("/// <summary>One.</summary>\n[Momentum(0.9)]\n[Sign]\npublic sealed partial class A;", "/// <summary>One.</summary>\n[Optimizer]\n[Momentum(0.9)]\n[Sign]\npublic sealed partial class A;")]
    [InlineData("static partial class Outer\n{\n    [Sign]\n    sealed partial class A;\n}", "static partial class Outer\n{\n    [Optimizer]\n    [Sign]\n    sealed partial class A;\n}")]
    public Task A_class_with_stages_is_declared_as_an_optimizer(string wrong, string right) => Mends(new DeclareOptimizerCodeFix(), wrong, right);

    [Theory]
    [InlineData(
        "[Optimizer]\n[Momentum(0.9)] // smooth\n[WeightDecay(0.1)]\n[PowerLaw(2)]\npublic sealed partial class A;",
        "[Optimizer]\n[PowerLaw(2)] // smooth\n[Momentum(0.9)]\n[WeightDecay(0.1)]\npublic sealed partial class A;")]
    [InlineData("[Optimizer, Sign, PowerLaw(2), WeightDecay(0.1)]\npublic sealed partial class A;", "[Optimizer, PowerLaw(2), Sign, WeightDecay(0.1)]\npublic sealed partial class A;")]
    public Task A_coordinate_change_moves_above_the_other_stages(string wrong, string right) => Mends(new MoveCoordinateChangeFirstCodeFix(), wrong, right);

    [Theory]
    [InlineData("float Rule(float update) => update;", "static float Rule(float update) => update;")]
    [InlineData("// Why.\n    float Rule(float update) => update;", "// Why.\n    static float Rule(float update) => update;")]
    [InlineData("private float Rule(float update) => update;", "private static float Rule(float update) => update;")]
    [InlineData("// Why.\n    unsafe float Rule(float update) => update;", "// Why.\n    static unsafe float Rule(float update) => update;")]
    public Task A_per_element_method_is_made_static(string wrong, string right) => Mends(
        new MakeStaticCodeFix(),
        $"[Optimizer, Elementwise(nameof(Rule))]\npublic sealed partial class A\n{{\n    {wrong}\n}}",
        $"[Optimizer, Elementwise(nameof(Rule))]\npublic sealed partial class A\n{{\n    {right}\n}}");

    [Theory]
    [InlineData("static float Rule(float updat) => updat;", "static float Rule(float update) => update;")]
    [InlineData("static float Rule(float update, float /* g */ gradiant) => gradiant * update + F(gradiant: gradiant); static float F(float gradiant) => gradiant;", "static float Rule(float update, float /* g */ gradient) => gradient * update + F(gradiant: gradient); static float F(float gradiant) => gradiant;")]
    public Task A_misspelt_parameter_is_renamed_to_the_nearest_signal(string wrong, string right) => Mends(
        new RenameToSignalCodeFix(),
        $"[Optimizer, Elementwise(nameof(Rule))]\npublic sealed partial class A {{ {wrong} }}",
        $"[Optimizer, Elementwise(nameof(Rule))]\npublic sealed partial class A {{ {right} }}");

    [Fact]
    public async Task Titles_say_what_is_done()
    {
        Assert.Equal(["Make 'Rule' static"], await CodeFixRunner.TitlesAsync(new MakeStaticCodeFix(), "using OptBias;\n[Optimizer, Elementwise(nameof(Rule))] partial class A { float Rule(float update) => update; }"));
        Assert.Equal(["Rename 'updat' to 'update'"], await CodeFixRunner.TitlesAsync(new RenameToSignalCodeFix(), "using OptBias;\n[Optimizer, Elementwise(nameof(Rule))] partial class A { static float Rule(float updat) => updat; }"));
        Assert.Empty(await CodeFixRunner.TitlesAsync(new RenameToSignalCodeFix(), "using OptBias;\n[Optimizer, Elementwise(nameof(Rule))] partial class A { static float Rule(float update, float warmth) => update * warmth; }"));
        Assert.Equal(["Make 'A' partial"], await CodeFixRunner.TitlesAsync(new MakePartialCodeFix(), "using OptBias;\n[Optimizer] class A;"));
        Assert.Equal(["Remove [Sign]"], await CodeFixRunner.TitlesAsync(new RemoveStageCodeFix(), "using OptBias;\n[Optimizer, Sign, Sign] partial class A;"));
        Assert.Equal(["Name this stage \"Second\""], await CodeFixRunner.TitlesAsync(new AddStageNameCodeFix(), "using OptBias;\n[Optimizer, Momentum(0.9), Momentum(0.9)] partial class A;"));
    }

    /// <summary>The fix makes the one of the other, and what it makes has no diagnostic left.</summary>
    private static async Task Mends(CodeFixProvider fix, string wrong, string right)
    {
        Assert.Equal($"using OptBias;\n{right}", await CodeFixRunner.ApplyAsync(fix, $"using OptBias;\n{wrong}"));
        Assert.Empty(await DeclarationCompilation.AnalyzeAsync(DeclarationCompilation.Of($"using OptBias;\n{right}")));
    }
}
