using TorchSharp;
using Parameter = TorchSharp.Modules.Parameter;

namespace OptBias.Generators.Tests;

/// <summary>
/// Clips of the gradient and L2 terms act in the order in which they are written. The numbers are PyTorch's: <c>clip_grad_norm_</c> or
/// <c>clip_grad_value_</c>, then an optimizer with <c>weight_decay</c>, for the first; a hand's for what PyTorch cannot say.
/// </summary>
public sealed class GradientOrderTests
{
    /// <summary>θ = (10, −20), g = (3, 4), λ = 0.1; the first momentum is a tenth of the gradient that the stages below see.</summary>
    [Theory]
    [InlineData("ClipByNorm(1.0), WeightDecay(0.1, Mode = DecayMode.L2), Momentum(0.9), Diagonal(0.999)", 0.16, -0.12)]
    [InlineData("WeightDecay(0.1, Mode = DecayMode.L2), ClipByNorm(1.0), Momentum(0.9), Diagonal(0.999)", 0.0894427191, 0.04472135955)]
    [InlineData("ClipByNorm(1.0), Momentum(0.9), Diagonal(0.999), WeightDecay(0.1, Mode = DecayMode.L2)", 0.16, -0.12)]
    [InlineData("ClipByNorm(1.0, Scope = ClipScope.Tensor), WeightDecay(0.1, Mode = DecayMode.L2), Momentum(0.9)", 0.16, -0.12)]
    [InlineData("ClipByValue(2.0), WeightDecay(0.1, Mode = DecayMode.L2), Momentum(0.9)", 0.3, 0.0)]
    [InlineData("WeightDecay(0.1, Mode = DecayMode.L2), ClipByValue(2.0), Momentum(0.9)", 0.2, 0.2)]
    [InlineData("ClipByRootMeanSquare(1.0), WeightDecay(0.1, Mode = DecayMode.L2), Momentum(0.9)", 0.1848528137, -0.0868629150)]
    [InlineData("ClipByValue(2.0), WeightDecay(0.1, Mode = DecayMode.L2), ClipByNorm(1.0), Momentum(0.9)", 0.1, 0.0)]
    [InlineData("ClipByValue(3.5), WeightDecay(0.1, Mode = DecayMode.L2), ClipByValue(3.0, Name = \"Second\"), WeightDecay(0.2, Mode = DecayMode.L2, Name = \"More\"), Momentum(0.9)", 0.5, -0.25)]
    [InlineData("PowerLaw(1), ClipByNorm(1.0), WeightDecay(0.1, Mode = DecayMode.L2), Momentum(0.9)", 0.16, -0.12)]
    [InlineData("PowerLaw(1), WeightDecay(0.1, Mode = DecayMode.L2), ClipByValue(2.0), Momentum(0.9)", 0.2, 0.2)]
    [InlineData("Momentum(0.9), ClipByNorm(1.0), WeightDecay(0.1, Mode = DecayMode.L2)", 0.4, 0.2)]
    [InlineData("WeightDecay(0.1, Mode = DecayMode.AfterStep), ClipByNorm(1.0), WeightDecay(0.1, Mode = DecayMode.L2, Name = \"L\"), Momentum(0.9)", 0.16, -0.12)]
    [InlineData("WeightDecay(0.1), ClipByNorm(1.0), WeightDecay(0.1, Mode = DecayMode.L2, Name = \"L\"), Elementwise(nameof(OfGradient))", 4.0, 2.0)]
    public void Clips_and_decay_of_the_gradient_act_as_they_are_written(string stages, double first, double second)
    {
        using var compiled = CompiledOptimizers.Of($$"""
            #pragma warning disable OB0017
            [Optimizer, {{stages}}] public sealed partial class A
            {
            {{(stages.Contains("OfGradient", StringComparison.Ordinal) ? "static float OfGradient(float gradient, ref float seen) { seen = gradient; return seen + 0 * seen; }" : "")}}
            }
            """);
        foreach (var backend in new[] { Backend.Fused, Backend.TorchSharp })
        {
            using var parameter = new Parameter(torch.tensor(new[] { 10.0, -20.0 })) { grad = torch.tensor(new[] { 3.0, 4.0 }) };
            using var optimizer = compiled.Descriptor("A").Create([parameter], new Dictionary<string, double>());
            optimizer.Backend = backend;
            optimizer.step();
            var seen = optimizer.States.Single().Tensors.First().Value;
            Assert.Equal(first, seen[0].item<double>(), 1e-6);
            Assert.Equal(second, seen[1].item<double>(), 1e-6);
        }
    }

    /// <summary>In a basis, what is clipped there and what then decays are the rotated ones; back outside, the step is theirs.</summary>
    [Theory]
    [InlineData("KroneckerBasis(0.9), ClipByValue(0.5), WeightDecay(0.1, Mode = DecayMode.L2), Diagonal(0.9)")]
    [InlineData("KroneckerBasis(0.9), ClipByValue(0.5), ClipByNorm(0.1), WeightDecay(0.1, Mode = DecayMode.L2)")]
    [InlineData("KroneckerBasis(0.9), WeightDecay(0.1, Mode = DecayMode.L2), ClipByValue(0.5), Diagonal(0.9)")]
    public void An_L2_term_below_a_clip_in_a_basis_is_not_lost(string stages)
    {
        using var compiled = CompiledOptimizers.Of($"[Optimizer, {stages}] public sealed partial class A;");
        double[] Step(double decay)
        {
            using var parameter = new Parameter(torch.arange(12, torch.float64).reshape(3, 4) - 4);
            using var optimizer = compiled.Descriptor("A").Create([parameter], new Dictionary<string, double> { ["lr"] = 0.01, ["weight_decay"] = decay });
            for (var step = 0; step < 3; step++)
            {
                using var gradient = torch.sin(torch.arange(12, torch.float64) * (step + 1)).reshape(3, 4);
                parameter.grad = gradient;
                optimizer.step();
            }

            return [.. parameter.detach().data<double>()];
        }

        Assert.True(Step(0).Zip(Step(0.5), (a, b) => Math.Abs(a - b)).Max() > 1e-4);
    }
}
