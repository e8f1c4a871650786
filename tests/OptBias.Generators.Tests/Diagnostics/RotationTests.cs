namespace OptBias.Generators.Tests;

/// <summary>
/// Above a basis may stand what is the same before and after the rotation: combinations of the signals with one coefficient for all
/// elements. What acts on elements must stand below, whichever stage it is.
/// </summary>
public sealed class RotationTests
{
    [Theory]
    [InlineData("Sign", "")]
    [InlineData("ClipByValue(1)", "")]
    [InlineData("Diagonal(0.9)", "")]
    [InlineData("Diagonal(0.9, Factored = true)", "")]
    [InlineData("PowerLaw(2, Form = PowerLawForm.Preconditioner)", "")]
    [InlineData("Kronecker(0.9, StartAt = 3), Graft(Grafting.Adam)", "Graft")]
    [InlineData("Momentum(0.9), Sign, Momentum(0.5, Name = \"Slow\")", "Sign")]
    [InlineData("Elementwise(nameof(Rule))", "Elementwise", "static float Rule(float update) => MathF.Sign(update) * 1f;")]
    [InlineData("Elementwise(nameof(Rule))", "Elementwise", "static float Rule(float update, float gradient) => update * gradient > 0 ? update : 0;")]
    [InlineData("Elementwise(nameof(Rule))", "Elementwise", "static float Rule(float update) => update + 1;")]
    [InlineData("Elementwise(nameof(Rule))", "Elementwise", "static float Rule(float update, float parameter) => update * parameter;")]
    [InlineData("Elementwise(nameof(Rule))", "Elementwise", "static float Rule(float update, ref float slow) { slow = 0.9f * slow + MathF.Abs(update); return update - slow; }")]
    [InlineData("Elementwise(nameof(Rule))", "Elementwise", "static float Rule(float update, ref float one, ref float two) { one = 0.9f * one + two; two = update * update; return update + one; }")]
    [InlineData("PowerLaw(2), Elementwise(nameof(Rule))", "Elementwise", "static float Rule(float update) => MathF.Tanh(update);")]
    public async Task What_acts_on_elements_above_a_basis_is_an_error(string above, string stage, string members = "")
    {
        var diagnostic = Assert.Single(await Analyze($"{above}, KroneckerBasis(0.95, Name = \"Basis\"), Elementwise(nameof(Last))", members));
        Assert.Equal("OB0020", diagnostic.Id);
        Assert.Contains($"[{(stage.Length > 0 ? stage : above.Split('(')[0])}] above it", diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Momentum(0.9, Nesterov = true)")]
    [InlineData("Momentum(0.9, Interpolation = 0.5, BiasCorrection = false), HeavyBall(0.5, Dampening = 0.1)")]
    [InlineData("ClipByNorm(1), Momentum(0.9), TrustRatio, ClipByRootMeanSquare(1), ScaleByParameter(0.001), ScaleByShape")]
    [InlineData("WeightDecay(0.1), WeightDecay(0.1, Mode = DecayMode.L2, Name = \"Second\")")]
    [InlineData("Orthogonalize")]
    [InlineData("Kronecker(0.9)")]
    [InlineData("Kronecker(0.9), Graft(Grafting.Adam)")]
    [InlineData("PowerLaw(2), Momentum(0.9)")]
    [InlineData("Elementwise(nameof(Rule))", "static float Rule(float update, float gradient, float parameter, ref float slow, [Hyper(0.5)] float a) { slow = a * slow + (1 - a) * gradient; return (update - 2 * slow) / (1 + a) + (a > 1 ? parameter : -gradient); }")]
    public async Task What_turns_with_the_coordinates_may_stand_above(string above, string members = "") =>
        Assert.Empty(await Analyze($"{above}, KroneckerBasis(0.95, Name = \"Basis\"), Elementwise(nameof(Last))", members));

    private static Task<System.Collections.Immutable.ImmutableArray<Microsoft.CodeAnalysis.Diagnostic>> Analyze(string stages, string members) => DeclarationCompilation.AnalyzeAsync(
        DeclarationCompilation.Of($"using System;\nusing OptBias;\n[Optimizer, {stages}]\npublic sealed partial class A {{ static float Last(float update) => MathF.Tanh(update); {members} }}"));
}
