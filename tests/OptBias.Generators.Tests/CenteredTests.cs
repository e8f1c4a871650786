using TorchSharp;
using TorchSharp.Modules;

namespace OptBias.Generators.Tests;

/// <summary>The variance v − ḡ² is what rounding leaves of it where the gradient stays the same, and never below zero.</summary>
public sealed class CenteredTests
{
    [Theory]
    [InlineData("BiasCorrection = false")]
    [InlineData("BiasCorrection = true")]
    [InlineData("BiasCorrection = false, EpsilonPlacement = EpsilonPlacement.InsideRoot")]
    [InlineData("BiasCorrection = false, Exponent = 0.25")]
    [InlineData("EpsilonPlacement = EpsilonPlacement.BeforeCorrection")]
    public void A_constant_gradient_makes_finite_steps_of_its_sign(string options)
    {
        using var compiled = CompiledOptimizers.Of($"[Optimizer, Diagonal(0.9, Centered = true, {options})] public sealed partial class A;");
        foreach (var backend in (Backend[])[Backend.Fused, Backend.TorchSharp])
        {
            foreach (var type in (torch.ScalarType[])[torch.ScalarType.Float32, torch.ScalarType.Float64])
            {
                using var scope = torch.NewDisposeScope();
                torch.manual_seed(1);
                var gradient = torch.randn(2000, dtype: type);
                using var parameter = new Parameter(torch.zeros(2000, dtype: type)) { grad = gradient.clone() };
                using var optimizer = compiled.Descriptor("A").Create([parameter], new Dictionary<string, double>());
                optimizer.Backend = backend;
                for (var t = 0; t < 300; t++)
                    optimizer.step();
                Assert.True(parameter.isfinite().all().item<bool>(), $"{backend}, {type}: {parameter.isnan().sum().item<long>()} of 2000 are NaN.");
                Assert.True((parameter.sign() == -gradient.sign()).all().item<bool>());
            }
        }
    }

    /// <summary>After the first step v = (1 − β) g² and ḡ = (1 − β) g, so that the variance is β (1 − β) g².</summary>
    [Fact]
    public void The_first_step_is_that_of_the_variance()
    {
        using var compiled = CompiledOptimizers.Of("[Optimizer(LearningRate = 1), Diagonal(0.9, Centered = true, BiasCorrection = false, Epsilon = 0)] public sealed partial class A;");
        using var parameter = new Parameter(torch.zeros(3, dtype: torch.float64)) { grad = torch.tensor([2.0, -3.0, 0.5]) };
        using var optimizer = compiled.Descriptor("A").Create([parameter], new Dictionary<string, double>());
        optimizer.step();
        Assert.All(parameter.abs().data<double>().ToArray(), step => Assert.Equal(1 / Math.Sqrt(0.09), step, 1e-12));
    }

    [Fact]
    public void Every_target_and_the_equations_say_so()
    {
        var text = DeclarationCompilation.Generate(DeclarationCompilation.Of("using OptBias;\n[Optimizer, Diagonal(0.9, Centered = true)] public sealed partial class A;")).SyntaxTrees.Last().ToString();
        foreach (var part in (string[])["max(vₜ − (ḡₜ)², 0)", "\\max(v_t - {\\bar g_t}^2, 0)", "V.Max(", "larger(", "O.Max(".Replace("O.", "TensorOperations.", StringComparison.Ordinal)])
            Assert.Contains(part, text, StringComparison.Ordinal);
    }
}
