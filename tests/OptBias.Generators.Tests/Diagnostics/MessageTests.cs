using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OptBias.Generators.Tests;

/// <summary>Messages say what is wrong in the case at hand, and what to write.</summary>
public sealed class MessageTests
{
    [Theory]
    [InlineData("static float F(float update, [Hyper(1)] float Gamma, [Hyper(2)] float gamma) => update * gamma * Gamma;", "gamma", "'gamma' cannot be used here: 'Gamma' of 'F' is a hyperparameter called 'gamma' too, since hyperparameters are named in snake case; rename one of the two")]
    [InlineData("static float F(float update, [Hyper(1)] float slowRate, [Hyper(2)] float slow_rate) => update * slowRate * slow_rate;", "slow_rate", "'slow_rate' cannot be used here: 'slowRate' of 'F' is a hyperparameter called 'slow_rate' too, since hyperparameters are named in snake case; rename one of the two")]
    [InlineData("static float F(float update, ref float slowAverage, ref float slow_average) { slowAverage += update; slow_average += slowAverage; return slow_average; }", "slow_average", "'slow_average' cannot be used here: 'slowAverage' of the same method is state called 'slow_average' too, since state is named in snake case; rename one of the two")]
    [InlineData("static float F(float update, [Hyper(1)] float share, float warmth) => update * share * warmth; [PerStep] static double Warmth(long step, [Hyper(2)] double share) => share / step;", "share", "'share' cannot be used here: 'share' of 'F' is a hyperparameter called 'share' too, since hyperparameters are named in snake case; rename one of the two, or leave [Hyper] out here to use that one")]
    public async Task Two_names_of_one_method_that_become_one_are_told_apart_there(string members, string marked, string message)
    {
        var diagnostic = Assert.Single(await Analyze("Elementwise(nameof(F))", members));
        Assert.Equal(("OB0048", message), (diagnostic.Id, diagnostic.GetMessage(CultureInfo.InvariantCulture)));
        Assert.Equal(marked, diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan));
    }

    [Fact]
    public async Task A_schedule_that_brings_what_its_stage_has_is_told_so() => Assert.Contains(
        "'eps' cannot be used here: [Diagonal] has a hyperparameter of that name already",
        Assert.Single(await Analyze("Diagonal(BetaSchedule = nameof(Rate))", "[PerStep] static double Rate(long step, [Hyper(0.5)] double eps) => eps;")).GetMessage(CultureInfo.InvariantCulture),
        StringComparison.Ordinal);

    [Fact]
    public void State_and_a_hyperparameter_may_be_called_alike()
    {
        using var compiled = CompiledOptimizers.Of("[Optimizer, Elementwise(nameof(F))] public sealed partial class D { static float F(float update, ref float average, [Hyper(0.5)] float Average) { average = average * Average + update; return average; } }");
        Assert.Equal(["lr", "average"], compiled.Descriptor("D").Hyperparameters.Select(h => h.Name));
    }

    [Theory]
    [InlineData("int k", "'k' of 'F' has the type 'int'; it must be float or double, with ref for state")]
    [InlineData("in float k", "'k' of 'F' has the type 'in float'; it must be float or double, with ref for state")]
    [InlineData("decimal[] k", "'k' of 'F' has the type 'decimal[]'; it must be float or double, with ref for state")]
    [InlineData("[Hyper(1)] ref float k", "'k' of 'F' is state (ref) and a hyperparameter ([Hyper]) at once; leave one of the two out")]
    public async Task A_parameter_of_another_type_is_named_with_its_type(string parameter, string message) =>
        Assert.Equal(message, Assert.Single(await Analyze("Elementwise(nameof(F))", $"static float F(float update, {parameter}) => update;")).GetMessage(CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("Elementwise(nameof(F))", "lr", "lr", "CurrentLr")]
    [InlineData("Momentum(0.9), Elementwise(nameof(F))", "beta1", "beta1", "CurrentBeta1")]
    [InlineData("Elementwise(nameof(F)), WeightDecay(0.1)", "weightDecay", "weight_decay", "CurrentWeightDecay")]
    [InlineData("Momentum(0.9, Name = \"Slow\"), Elementwise(nameof(F))", "slowBeta1", "slow_beta1", "CurrentSlowBeta1")]
    public async Task A_hyperparameter_of_another_stage_is_asked_for_by_a_method_once_a_step(string stages, string parameter, string name, string method)
    {
        var message = Assert.Single(await Analyze(stages, $"static float F(float update, float {parameter}) => update * {parameter};")).GetMessage(CultureInfo.InvariantCulture);
        Assert.EndsWith($"; '{name}' is a hyperparameter, and only a [PerStep] method can ask for one of another stage: write [PerStep] static double {method}(long step, double {name}) => {name}; and ask for 'c{method[1..]}'", message, StringComparison.Ordinal);

        // What the message says to write is right.
        var mended = $"static float F(float update, float c{method[1..]}) => update * c{method[1..]}; [PerStep] static double {method}(long step, double {name}) => {name};";
        Assert.Empty(await Analyze(stages, mended));
    }

    [Theory]
    [InlineData("int rows", "takes 'rows' as 'int'; it takes 'long step', and as double hyperparameters, sums and rows, columns, elements, and with ref numbers that a step hands to the next")]
    [InlineData("long step, double numel", "asks for 'numel', which is no hyperparameter; there are step, lr, rows, columns, elements. The shape of a parameter is there as rows, columns and elements")]
    public async Task A_number_of_the_host_is_told_how_to_ask_for_the_shape(string parameters, string end)
    {
        var diagnostic = Assert.Single(await Analyze("Elementwise(nameof(F))", $"static float F(float update, float scale) => update * scale; [PerStep] static double Scale({parameters}) => 1;"));
        Assert.Equal("OB0047", diagnostic.Id);
        Assert.EndsWith(end, diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public async Task State_of_a_composite_is_said_to_be_stored_by_the_routed() => Assert.Equal(
        "'A' has routes and no state of its own: state is stored by the routed optimizers; put [State] on them",
        Assert.Single(await Analyze("State(MasterWeights = true), Route(typeof(S))", "", "[Optimizer, Sign] public sealed partial class S;")).GetMessage(CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("public sealed class S;", "[Route] leads to 'S', which is not declared as an optimizer; name a class with [Optimizer]")]
    [InlineData("[Optimizer, Momentum(2), Diagonal] public sealed partial class S;", "[Route] leads to 'S', whose declaration has errors (OB0010); mend those first")]
    [InlineData("[Optimizer, Momentum(undefined)] public sealed partial class S;", "[Route] leads to 'S', whose declaration does not compile")]
    public async Task A_route_that_leads_nowhere_says_why(string target, string message) => Assert.Equal(
        message, Assert.Single(await Analyze("Route(typeof(S))", "", target), d => d.Id == "OB0030").GetMessage(CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("Elementwise(nameof(Half))", "private static float Half(float update) => 0.5f * update;", "Half")]
    [InlineData("Elementwise(nameof(Half))", "internal static float Half(float update) => 0.5f * update;", "Half")]
    [InlineData("Elementwise(nameof(Half))", "public static float Half(float update, float warm) => warm * update; [PerStep] private static double Warm(long step) => 1;", "Warm")]
    [InlineData("Diagonal(BetaSchedule = nameof(Rate))", "[PerStep] private static double Rate(long step) => 0.5;", "Rate")]
    public async Task A_route_to_what_cannot_be_seen_from_here_says_what(string stages, string members, string method)
    {
        var library = DeclarationCompilation.Generate(DeclarationCompilation.Of($"using OptBias;\n[Optimizer, {stages}] public sealed partial class S {{ {members} }}").WithAssemblyName("GenLib"));
        using var image = new MemoryStream();
        Assert.True(library.Emit(image).Success);
        var user = DeclarationCompilation.Of("using OptBias;\n[Optimizer, Route(typeof(S))] public sealed partial class A;").AddReferences(MetadataReference.CreateFromImage(image.ToArray()));
        Assert.Equal(
            $"[Route] leads to 'S', whose method '{method}' is private or internal in 'GenLib', so its hyperparameters cannot be read from here; make the method public there",
            Assert.Single(await DeclarationCompilation.AnalyzeAsync(user)).GetMessage(CultureInfo.InvariantCulture));
    }

    private static Task<System.Collections.Immutable.ImmutableArray<Diagnostic>> Analyze(string stages, string members, string others = "") =>
        DeclarationCompilation.AnalyzeAsync(DeclarationCompilation.Of($"using System;\nusing OptBias;\n[Optimizer, {stages}] public sealed partial class A {{ {members} }}\n{others}"));
}
