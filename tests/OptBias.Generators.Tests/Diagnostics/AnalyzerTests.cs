namespace OptBias.Generators.Tests;

/// <summary>Where a diagnostic stands and what it says.</summary>
public sealed class AnalyzerTests
{
    [Theory]
    [InlineData("[Optimizer] public sealed class A;", "A", "'A' is declared as an optimizer but is not partial, so nothing can be generated for it; write 'partial class A'")]
    [InlineData("[Optimizer, Momentum(1.5)] public sealed partial class A;", "Momentum(1.5)", "'beta' of [Momentum] is 1.5, which is not in [0, 1)")]
    [InlineData("[Optimizer(LearningRate = double.NaN)] public sealed partial class A;", "Optimizer(LearningRate = double.NaN)", "'LearningRate' of [Optimizer] is NaN, which is not in [0, ∞)")]
    [InlineData("[Sign, Momentum(0.9)] public sealed partial class A;", "Sign", "[Sign] does nothing on 'A', which is not declared as an optimizer; write [Optimizer] above it")]
    [InlineData("[Optimizer, Momentum(0.9), ScaleByShape, Orthogonalize] public sealed partial class A;", "ScaleByShape", "[ScaleByShape] has no effect here: it changes the length of the update, which [Orthogonalize] below it does not look at")]
    [InlineData("[Optimizer, Momentum(0.9), ClipByNorm(1), Sign] public sealed partial class A;", "ClipByNorm(1)", "[ClipByNorm] has no effect here: it changes the length of the update, which [Sign] below it does not look at")]
    [InlineData("[Optimizer, Diagonal(0.9, Factored = true, Statistic = DiagonalStatistic.Max)] public sealed partial class A;", "Diagonal(0.9, Factored = true, Statistic = DiagonalStatistic.Max)", "[Diagonal] has both 'Factored' and 'Statistic = Max': averages of rows and columns do not give a maximum")]
    [InlineData("[Optimizer, Diagonal(0.9, BetaSchedule = nameof(Rate))] public sealed partial class A { [PerStep] static double Rate(long step) => 0.5; }", "Diagonal(0.9, BetaSchedule = nameof(Rate))", "[Diagonal] has both 'beta' and 'BetaSchedule': the schedule gives the rate; leave beta out")]
    [InlineData("[Optimizer, Diagonal(BetaSchedule = \"Rates\")] public sealed partial class A { [PerStep] static double Rate(long step) => 0.5; }", "Diagonal(BetaSchedule = \"Rates\")", "'Rates' is named by BetaSchedule, but 'A' has no method of that name with [PerStep]")]
    [InlineData("[Optimizer, Diagonal(BetaSchedule = nameof(Rate))] public sealed partial class A { [PerStep] static double Rate(long step, double gama) => gama; }", "gama", "'Rate' asks for 'gama', which is no hyperparameter; there are step, eps, lr, rows, columns, elements")]
    [InlineData("[State(MasterWeights = true)] public sealed partial class A;", "State(MasterWeights = true)", "[State] does nothing on 'A', which is not declared as an optimizer; write [Optimizer] above it")]
    [InlineData("[Optimizer, State(StochasticRounding = true, MasterWeights = true)] public sealed partial class A;", "State(StochasticRounding = true, MasterWeights = true)", "[State] has both 'StochasticRounding' and 'MasterWeights': nothing is left that would be rounded by chance, since parameters are rounded from their masters and state is not narrow; leave one out, or set Precision")]
    [InlineData("[Optimizer, Sign, State(Precision = (StatePrecision)2)] public sealed partial class A;", "State(Precision = (StatePrecision)2)", "'Precision' of [State] is 2, which is none of Arithmetic, BFloat16")]
    [InlineData("public class Outer { [Optimizer] public sealed partial class A; }", "Outer", "'Outer' holds the optimizer 'A' but is not partial; write 'partial' on it, or move 'A' out of it")]
    [InlineData("[Optimizer] public sealed partial class Options;", "Options", "'Options' cannot be used here: the generated half of the class has a member of that name")]
    [InlineData("[Optimizer] public sealed partial class A { public int Cost => 1; }", "Cost", "'Cost' cannot be used here: the generated half of the class has a member of that name")]
    [InlineData("[Optimizer, Elementwise(nameof(Cuda))] public sealed partial class A { static float Cuda(float update) => update; }", "Cuda", "'Cuda' cannot be used here: the generated half of the class has a member of that name")]
    [InlineData("[Optimizer, Momentum(0.9, Interpolation = 1)] public sealed partial class A;", "Momentum(0.9, Interpolation = 1)", "'Interpolation' of [Momentum] is 1, which is not in [0, 1)")]
    public async Task A_diagnostic_marks_what_it_is_about(string declaration, string marked, string message)
    {
        var diagnostic = Assert.Single(await DeclarationCompilation.AnalyzeAsync(DeclarationCompilation.Of($"using OptBias;\n{declaration}")));
        Assert.Equal(message, diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(marked, diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan));
    }

    [Fact]
    public async Task A_diagnostic_can_be_suppressed_where_it_stands() => Assert.Empty(await DeclarationCompilation.AnalyzeAsync(DeclarationCompilation.Of("""
        using OptBias;
        #pragma warning disable OB0013
        [Optimizer, HeavyBall(0, Nesterov = true)]
        public sealed partial class A;
        """)));

    [Theory]
    [InlineData("ClipByNorm(1), Sign")]
    [InlineData("Momentum(0.9), ClipByNorm(1), WeightDecay(0.1), TrustRatio")]
    [InlineData("Momentum(0.9), Orthogonalize, ScaleByShape")]
    public async Task A_scaling_that_something_looks_at_has_an_effect(string stages) =>
        Assert.Empty(await DeclarationCompilation.AnalyzeAsync(DeclarationCompilation.Of($"using OptBias;\n[Optimizer, {stages}] public sealed partial class A;")));

    [Theory]
    [InlineData("Other", "")]
    [InlineData("Other.OptBias", "")]
    [InlineData("OptBias.Other", "")]
    [InlineData("OptBias", "<T>")]
    public async Task An_attribute_that_is_only_called_alike_is_none_of_the_language(string space, string type) =>
        Assert.Empty(await DeclarationCompilation.AnalyzeAsync(DeclarationCompilation.Of($$"""
            namespace {{space}} { class SignAttribute{{type}} : System.Attribute; }

            [{{space}}.Sign{{type.Replace("T", "int")}}]
            public sealed partial class A;
            """)));

    [Fact]
    public async Task Several_mistakes_are_all_reported() => Assert.Equal(
        ["OB0001", "OB0010", "OB0015"],
        (await DeclarationCompilation.AnalyzeAsync(DeclarationCompilation.Of("using OptBias;\n[Optimizer, Momentum(-1), Graft(Grafting.Sgd)] class A;")))
            .Select(diagnostic => diagnostic.Id).Order(StringComparer.Ordinal));

    [Fact]
    public async Task A_name_that_collides_hides_no_other_mistake_of_its_stage() => Assert.Equal(
        ["OB0010", "OB0018"],
        (await DeclarationCompilation.AnalyzeAsync(DeclarationCompilation.Of("using OptBias;\n[Optimizer, HeavyBall(0.5), HeavyBall(0.9, Dampening = 2)] partial class A;")))
            .Select(diagnostic => diagnostic.Id).Order(StringComparer.Ordinal));

    [Fact]
    public async Task The_generated_half_changes_nothing() => Assert.Equal(
        ["OB0013"],
        (await DeclarationCompilation.AnalyzeAsync(DeclarationCompilation.Generate(DeclarationCompilation.Of(
            "using OptBias;\n[Optimizer, HeavyBall(0, Nesterov = true)] public sealed partial class A;")))).Select(diagnostic => diagnostic.Id));
}
