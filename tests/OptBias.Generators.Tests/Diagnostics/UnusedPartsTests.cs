using System.Globalization;
using Microsoft.CodeAnalysis;

namespace OptBias.Generators.Tests;

/// <summary>Stages, state and hyperparameters from which no way leads to the parameter are reported, and nothing else is.</summary>
public sealed class UnusedPartsTests
{
    private const string NoUpdate = "static float Rule(float gradient) => Math.Clamp(gradient, -1, 1);";

    [Theory]
    [InlineData("Momentum(0.9), Elementwise(nameof(Rule))", NoUpdate, "Momentum(0.9)")]
    [InlineData("Momentum(0.9), Diagonal(0.999), Elementwise(nameof(Rule))", NoUpdate, "Momentum(0.9)|Diagonal(0.999)")]
    [InlineData("Momentum(0.9), Elementwise(nameof(Rule)), WeightDecay(0.1)", NoUpdate, "Momentum(0.9)")]
    [InlineData("Diagonal(0.9, Factored = true), Elementwise(nameof(Rule))", NoUpdate, "Diagonal(0.9, Factored = true)")]
    [InlineData("Kronecker(0.9), Graft(Grafting.Adam), Elementwise(nameof(Rule))", NoUpdate, "Kronecker(0.9)|Graft(Grafting.Adam)")]
    [InlineData("Momentum(0.9), Orthogonalize, ScaleByShape, Elementwise(nameof(Rule))", NoUpdate, "Momentum(0.9)|Orthogonalize|ScaleByShape")]
    [InlineData("Sign, Elementwise(nameof(Rule))", "static float Rule(float gradient) => MathF.Sign(gradient) * 1f;", "Sign")]
    [InlineData("Diagonal(0.9), Elementwise(nameof(Rule))", "static float Rule(float gradient, ref float v) { v += gradient * gradient; return gradient / MathF.Sqrt(v); }", "Diagonal(0.9)")]
    [InlineData("Momentum(0.9), Elementwise(nameof(Rule))", "static float Rule(float update, float gradient) => gradient + 0 * update;", "Momentum(0.9)")]
    [InlineData("Momentum(0.9), Elementwise(nameof(Rule))", "static float Rule(float update, float gradient) => gradient + (update - update);", "Momentum(0.9)")]
    [InlineData("Momentum(0.9), Elementwise(nameof(Rule))", "static float Rule(float update, float gradient) { update = 2 * gradient; return update; }", "Momentum(0.9)")]
    [InlineData("Momentum(0.9), Elementwise(nameof(Rule))", "static float Rule(float update, float parameter) => parameter;", "Momentum(0.9)")]
    [InlineData("WeightDecay(0.1), Elementwise(nameof(Rule))", NoUpdate, "WeightDecay(0.1)")]
    [InlineData("WeightDecay(0.1, Mode = DecayMode.L2), Momentum(0.9), Elementwise(nameof(Rule))", "static float Rule(float parameter) => 0.1f * parameter;", "WeightDecay(0.1, Mode = DecayMode.L2)|Momentum(0.9)")]
    [InlineData("Elementwise(nameof(Other)), Momentum(0.9), Elementwise(nameof(Rule)), Sign", NoUpdate + " static float Other(float update, ref float kept, [Hyper(0.5)] float share) => kept = share * (kept + update);", "Elementwise(nameof(Other))|Momentum(0.9)")]
    [InlineData("PowerLaw(2), Momentum(0.9), Elementwise(nameof(Rule))", NoUpdate, "Momentum(0.9)")]
    [InlineData("Momentum(0.9), KroneckerBasis(0.9), Elementwise(nameof(Rule))", NoUpdate, "Momentum(0.9)")]
    public async Task A_stage_that_does_not_reach_the_parameter_is_reported(string stages, string members, string marked)
    {
        var diagnostics = await Analyze(stages, members);
        Assert.All(diagnostics, diagnostic => Assert.Equal("OB0017", diagnostic.Id));
        Assert.Equal(marked, string.Join("|", diagnostics.Select(Marked)));
    }

    [Theory]
    [InlineData("ClipByNorm(1), Elementwise(nameof(Rule))", NoUpdate)]
    [InlineData("ClipByValue(1), WeightDecay(0.1, Mode = DecayMode.L2), Elementwise(nameof(Rule))", NoUpdate)]
    [InlineData("WeightDecay(0.1, Mode = DecayMode.AfterStep), Elementwise(nameof(Rule))", NoUpdate)]
    [InlineData("Elementwise(nameof(Rule)), WeightDecay(0.1, Mode = DecayMode.L2)", NoUpdate)]
    [InlineData("Elementwise(nameof(Rule)), Momentum(0.9), Diagonal(0.9), TrustRatio", NoUpdate)]
    [InlineData("PowerLaw(2), Elementwise(nameof(Rule))", NoUpdate)]
    [InlineData("KroneckerBasis(0.9), Elementwise(nameof(Rule))", NoUpdate)]
    [InlineData("Momentum(0.9), Kronecker(0.9, StartAt = 5), Graft(Grafting.RmsProp), WeightDecay(0.1)", "")]
    [InlineData("Momentum(0.9), Elementwise(nameof(Rule))", "static float Rule(float update, ref float kept) { var before = kept; kept = update; return before; }")]
    [InlineData("Momentum(0.9), Elementwise(nameof(Rule))", "static float Rule(float update, float gradient, ref float one, ref float two) { one = 0.5f * one + update; two = 0.5f * two + one; return gradient + two; }")]
    [InlineData("Elementwise(nameof(Rule))", "static float Rule(float update, float gradient, [Hyper(0.5)] float share, float warmth) => gradient > share ? update * warmth : 0; [PerStep] static double Warmth(long step, [Hyper(10)] double warmup) => step / warmup;")]
    [InlineData("Diagonal(BetaSchedule = nameof(Rate))", "[PerStep] static double Rate(long step, [Hyper(0.8)] double power) => 1 - Math.Pow(step, -power);")]
    [InlineData("Momentum(0), WeightDecay(0)", "")]
    [InlineData("Momentum(0.9), Elementwise(nameof(Rule))", "static float Rule(float update) => update;")]
    public async Task What_reaches_the_parameter_is_not(string stages, string members) => Assert.Empty(await Analyze(stages, members));

    [Fact]
    public async Task An_optimizer_without_stages_is_gradient_descent() => Assert.Empty(
        await DeclarationCompilation.AnalyzeAsync(DeclarationCompilation.Of("using OptBias;\n[Optimizer(LearningRate = 0)] public sealed partial class A;")));

    [Fact]
    public async Task The_message_names_the_stage_that_cuts_off() => Assert.Equal(
        "[Momentum] has no effect here: 'Rule' below it does not use the update, so nothing of [Momentum] reaches the parameter",
        Message(Assert.Single(await Analyze("Momentum(0.9), Elementwise(nameof(Rule)), Sign", NoUpdate))));

    [Theory]
    [InlineData("Elementwise(nameof(Rule))", "static float Rule(float update, ref float mean) { mean += update; return 2 * update; }", "mean", "its value never reaches the parameter")]
    [InlineData("Elementwise(nameof(Rule))", "static float Rule(float update, float parameter, ref float mean, [Hyper(0.99)] float rate) { mean = rate * mean + (1 - rate) * parameter; return update; }", "mean", "or suppress this warning here if it is there to be read from outside")]
    [InlineData("Elementwise(nameof(Rule))", "static float Rule(float update, ref float mean) => update + mean;", "mean", "it is never written, so it is always 0")]
    [InlineData("Elementwise(nameof(Rule))", "static float Rule(float update, ref float one, ref float two) { one += two; two += one; return -update; }", "one|two", "never reaches the parameter")]
    [InlineData("Elementwise(nameof(Rule)), Momentum(0.9)", "static float Rule(float update, ref float slowMean) { slowMean += update; return update + 0 * slowMean; }", "slowMean", "never reaches the parameter")]
    public async Task State_that_does_nothing_is_reported_where_it_stands(string stages, string members, string marked, string why)
    {
        var diagnostics = await Analyze(stages, members);
        Assert.All(diagnostics, diagnostic => Assert.Equal("OB0049", diagnostic.Id));
        Assert.Equal(marked, string.Join("|", diagnostics.Select(Marked)));
        Assert.All(diagnostics, diagnostic => Assert.Contains(why, Message(diagnostic), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_message_names_state_as_the_method_does() => Assert.Equal(
        "'slowMean' is state of 'Rule', which costs memory for every element, but its value never reaches the parameter; remove it, or suppress this warning here if it is there to be read from outside, as an average of the weights is",
        Message(Assert.Single(await Analyze("Elementwise(nameof(Rule))", "static float Rule(float update, ref float slowMean) { slowMean += update; return 2 * update; }"))));

    [Fact]
    public async Task An_average_for_others_to_read_can_be_kept_by_suppressing_the_warning() => Assert.Empty(await Analyze("Sign, Elementwise(nameof(Track))", """
        #pragma warning disable OB0049
            static float Track(float update, float parameter, ref float average, [Hyper(0.99)] float rate)
            {
                average = rate * average + (1 - rate) * parameter;
                return update;
            }
        #pragma warning restore OB0049
        """));

    [Theory]
    [InlineData("Kronecker(0.9), Graft(Grafting.Sgd, Beta = 0.5)", "The option 'Beta' of [Graft] has no effect here: the rule is the same without it")]
    [InlineData("Momentum(0.9), State(MasterWeights = true, Seed = 3)", "The option 'Seed' of [State] has no effect here: state is kept in the same way without it")]
    [InlineData("Sign, State(Precision = StatePrecision.BFloat16)", "The option 'Precision' of [State] has no effect here: state is kept in the same way without it")]
    public async Task An_option_that_does_nothing_is_reported(string stages, string message)
    {
        var diagnostic = Assert.Single(await Analyze(stages, ""));
        Assert.Equal(("OB0025", message), (diagnostic.Id, Message(diagnostic)));
    }

    [Theory]
    [InlineData("Kronecker(0.9), Graft(Grafting.Adam, Beta = 0.5)")]
    [InlineData("Momentum(0.9), State(Precision = StatePrecision.BFloat16, StochasticRounding = true, Seed = 3)")]
    [InlineData("Momentum(0.9, Nesterov = false)")]
    [InlineData("WeightDecay(0.1, Mode = DecayMode.L2)")]
    [InlineData("Sign, State(StochasticRounding = true)")]
    public async Task An_option_that_does_something_or_says_the_default_is_not_reported(string stages) => Assert.Empty(await Analyze(stages, ""));

    [Theory]
    [InlineData("static float Rule(float update, [Hyper(0.5)] float share) => 2 * update;", "share")]
    [InlineData("static float Rule(float update, [Hyper(0.5)] float share, [Hyper(2)] float other) => other * update + (share - share);", "share")]
    [InlineData("static float Rule(float update, float warmth) => 2 * update; [PerStep] static double Warmth(long step, [Hyper(10)] double warmup) => step / warmup;", "OB0008 warmth|OB0024 warmup")]
    public async Task A_hyperparameter_that_does_nothing_is_reported_where_it_stands(string members, string marked)
    {
        var diagnostics = await Analyze("Elementwise(nameof(Rule))", members);
        Assert.Equal(marked.Contains(' ') ? marked : "OB0024 " + marked, string.Join("|", diagnostics.Select(diagnostic => $"{diagnostic.Id} {Marked(diagnostic)}")));
    }

    [Theory]
    [InlineData("[Optimizer] public sealed partial class A { [PerStep] static double Warmth(long step) => 1.0 / step; }", "Warmth", "no stage asks for its number")]
    [InlineData("[Optimizer, Momentum(0.9)] public sealed partial class A { static float Rule(float update, [Hyper(0.3)] float gamma, ref float memory) => memory = gamma * update; }", "gamma", "write [Elementwise(nameof(Rule))] where it should act")]
    [InlineData("public class A { static float Q(float update, [Hyper(0.5)] float a) => update; }", "a", "'A' is not declared as an optimizer")]
    [InlineData("public class A { [PerStep] static double W(long step) => 1; }", "W", "'A' is not declared as an optimizer")]
    [InlineData("[Optimizer, Sign] public sealed partial class S; [Optimizer, Route(typeof(S))] public sealed partial class A { [PerStep] static double W(long step) => 1; }", "W", "no stage asks for its number")]
    public async Task A_marked_method_that_no_stage_uses_is_reported(string declaration, string marked, string why)
    {
        var diagnostic = Assert.Single(await DeclarationCompilation.AnalyzeAsync(DeclarationCompilation.Of("using OptBias;\n" + declaration)));
        Assert.Equal("OB0008", diagnostic.Id);
        Assert.Equal(marked, Marked(diagnostic));
        Assert.Contains(why, Message(diagnostic), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[Optimizer, Sign] public sealed partial class S; [Route(typeof(S))] public sealed partial class A;", "Route(typeof(S))")]
    [InlineData("[State(Precision = StatePrecision.BFloat16)] public sealed partial class A;", "State(Precision = StatePrecision.BFloat16)")]
    [InlineData("[Momentum(0.9), Sign] public sealed partial class A;", "Momentum(0.9)")]
    public async Task What_only_an_optimizer_has_is_reported_on_another_class(string declaration, string marked)
    {
        var diagnostic = Assert.Single(await DeclarationCompilation.AnalyzeAsync(DeclarationCompilation.Of("using OptBias;\n" + declaration)));
        Assert.Equal("OB0006", diagnostic.Id);
        Assert.Equal(marked, Marked(diagnostic));
    }

    [Fact]
    public void There_are_no_stages_but_those_of_the_language()
    {
        var compilation = DeclarationCompilation.Of("using OptBias;\npublic sealed class HalveAttribute : StageAttribute;\n[Optimizer, Halve] public sealed partial class A;");
        Assert.Contains(DeclarationCompilation.Generate(compilation).GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && Marked(diagnostic).Contains("HalveAttribute", StringComparison.Ordinal));
    }

    private static Task<System.Collections.Immutable.ImmutableArray<Diagnostic>> Analyze(string stages, string members) =>
        DeclarationCompilation.AnalyzeAsync(DeclarationCompilation.Of($"using System;\nusing OptBias;\n[Optimizer, {stages}]\npublic sealed partial class A\n{{\n{members}\n}}"));

    private static string Message(Diagnostic diagnostic) => diagnostic.GetMessage(CultureInfo.InvariantCulture);

    private static string Marked(Diagnostic diagnostic) => diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan);
}
