using Microsoft.CodeAnalysis;

namespace OptBias.Generators.Tests;

/// <summary>Call sites as TorchSharp's own examples and tests write them, with the name of a declared class in the place of TorchSharp's.</summary>
public sealed class CallSiteTests
{
    private const string Declarations = """
        namespace Mine
        {
            [OptBias.Optimizer(LearningRate = 0.5), OptBias.Momentum(0.9), OptBias.Diagonal(0.999), OptBias.WeightDecay(0.01)] public sealed partial class AdamW;
            [OptBias.Optimizer(LearningRate = 0.5), OptBias.Momentum(0.9)] public sealed partial class Averaged;
            [OptBias.Optimizer(LearningRate = 0.5), OptBias.HeavyBall(0.9)] public sealed partial class SGD;
            [OptBias.Optimizer, OptBias.Route(typeof(Averaged), When = OptBias.ParameterShape.Matrix), OptBias.Route(typeof(AdamW))] public sealed partial class Mixed;
        }
        """;

    private const string Usings = """
        using System.Collections.Generic;
        using System.Linq;
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;
        """;

    /// <summary>Rates of the two groups, and their decays where there are some.</summary>
    [Theory]
    [InlineData("new AdamW(new AdamW.ParamGroup[] { new () { Parameters = decay, Options = new () { LearningRate = 0.005f } }, new () { Parameters = plain } })", 0.005, 0.5)]
    [InlineData("new AdamW(new AdamW.ParamGroup[] { new (decay, new () { LearningRate = 0.25 }), new (plain) })", 0.25, 0.5)]
    [InlineData("new AdamW(new AdamW.ParamGroup[] { new (decay), new (plain, lr: 0.25, weight_decay: 0, beta1: 0.8) })", 0.5, 0.25)]
    [InlineData("new AdamW([new (decay), new (plain, new () { LearningRate = 0.25, weight_decay = 0 })])", 0.5, 0.25)]
    [InlineData("new AdamW([new (decay, lr: 0.125), new (plain)], lr: 0.25)", 0.125, 0.25)]
    [InlineData("new AdamW([new AdamW.ParamGroup(decay, new AdamW.Options { LearningRate = 0.25 }), new AdamW.ParamGroup(plain)])", 0.25, 0.5)]
    [InlineData("new AdamW([new (decay, options: null), new (plain)])", 0.5, 0.5)]
    [InlineData("new AdamW([new (layer.named_parameters(), lr: 0.25), new (plain)])", 0.25, 0.5)]
    [InlineData("new AdamW(new List<AdamW.ParamGroup> { new (decay), new (plain, maximize: true) }, 0.25, 0.9, 0.99, 1e-7, 0.1, true)", 0.25, 0.25)]
    [InlineData("new Averaged([new (decay, lr: 0.125), new (plain, beta1: 0.5)])", 0.125, 0.5)]
    [InlineData("new Mixed([new (decay, lr: 0.125), new (plain, adamw_lr: 0.25)], lr: 0.25)", 0.125, 0.25)]
    public void Groups_are_written_as_in_TorchSharp(string optimizer, double first, double second) => Assert.Equal([first, second], Run($$"""
        using var o = {{optimizer}};
        return o.ParamGroups.Select(g => System.Math.Round(g.LearningRate, 6)).ToArray();
        """));

    [Theory]
    [InlineData("new AdamW(layer.parameters())")]
    [InlineData("new AdamW([layer.weight!, layer.bias!])")]
    [InlineData("new AdamW(layer.parameters().ToList(), 0.5)")]
    [InlineData("new AdamW(layer.named_parameters())")]
    [InlineData("new AdamW([(\"weight\", layer.weight!), (\"bias\", layer.bias!)])")]
    [InlineData("new AdamW(layer.parameters().ToArray(), lr: 0.5, beta1: 0.9, beta2: 0.99, eps: 1e-8, weight_decay: 0.1, maximize: false)")]
    public void Parameters_are_given_as_in_TorchSharp(string optimizer) => Assert.Equal([0.5], Run($$"""
        using var o = {{optimizer}};
        return o.ParamGroups.Select(g => g.LearningRate).ToArray();
        """));

    /// <summary>C# takes what the namespace itself has before what it imports, so that a class of one's own wins.</summary>
    [Fact]
    public void A_class_of_ones_own_namespace_wins_over_TorchSharps_of_the_same_name() => Assert.Equal([1], Run("return [typeof(AdamW).Namespace == \"Mine\" ? 1 : 0];"));

    [Fact]
    public void An_alias_decides_between_two_imported_namespaces()
    {
        const string body = "namespace App { static class Other { static object Make(IEnumerable<Parameter> p) => new AdamW(p); } }";
        var ambiguous = Compile($"{Usings}\nusing Mine;\n{body}\n{Declarations}");
        Assert.Equal("CS0104", Assert.Single(ambiguous.GetDiagnostics(), d => d.Severity == DiagnosticSeverity.Error).Id);
        Assert.DoesNotContain(Compile($"{Usings}\nusing Mine;\nusing AdamW = Mine.AdamW;\n{body}\n{Declarations}").GetDiagnostics(), d => d.Severity == DiagnosticSeverity.Error);
    }

    /// <summary>The momentum goes from the largest to the smallest and back, as the rate goes the other way.</summary>
    [Theory]
    [InlineData("Averaged", "((Averaged.Options)((Averaged.ParamGroup)o.ParamGroups.First()).Options).beta1!.Value")]
    [InlineData("SGD", "((SGD.ParamGroup)o.ParamGroups.First()).Options.momentum!.Value")]
    [InlineData("AdamW", "((AdamW.ParamGroup)o.ParamGroups.First()).Betas.Item1")]
    [InlineData("Mixed", "((Mixed.ParamGroup)o.ParamGroups.First()).Options.beta1!.Value")]
    public void OneCycleLR_turns_the_momentum_of_any_rule_that_has_one(string rule, string momentum)
    {
        var seen = Run($$"""
            using var o = new {{rule}}(layer.parameters());
            var scheduler = optim.lr_scheduler.OneCycleLR(o, max_lr: 0.1, total_steps: 10);
            var seen = new List<double>();
            for (var t = 0; t < 9; t++)
            {
                seen.Add({{momentum}});
                o.step();
                scheduler.step();
            }

            return seen.ToArray();
            """);
        Assert.Equal(0.95, seen[0], 1e-9);
        Assert.InRange(seen.Min(), 0.85, 0.8501);
        Assert.InRange(seen[^1], 0.94, 0.95);
    }

    [Theory]
    [InlineData("Averaged")]
    [InlineData("SGD")]
    public void CyclicLR_does_so_too_within_limits_of_ones_own(string rule)
    {
        var seen = Run($$"""
            using var o = new {{rule}}(layer.parameters());
            var scheduler = optim.lr_scheduler.CyclicLR(o, 0.1, 0.2, step_size_up: 4, base_momentum: 0.7, max_momentum: 0.8);
            var seen = new List<double>();
            for (var t = 0; t < 8; t++)
            {
                seen.Add(((optim.IMomentum)o.ParamGroups.First()).Momentum);
                o.step();
                scheduler.step();
            }

            return seen.ToArray();
            """);
        Assert.True(seen.Max() - seen.Min() > 0.05, string.Join(", ", seen));
    }

    private static double[] Run(string body)
    {
        var source = $$"""
            {{Usings}}
            {{Declarations}}
            namespace Mine
            {
                public static class CallSite
                {
                    public static double[] Run()
                    {
                        using var layer = Linear(3, 2);
                        using var other = Linear(3, 2);
                        IEnumerable<Parameter> decay = layer.parameters(), plain = other.parameters();
                        layer.forward(ones(1, 3)).sum().backward();
                        {{body}}
                    }
                }
            }
            """;
        using var compiled = CompiledOptimizers.Load(Compile(source));
        return (double[])compiled.Type("Mine.CallSite").GetMethod("Run")!.Invoke(null, null)!;
    }

    private static Compilation Compile(string source) => DeclarationCompilation.Generate(DeclarationCompilation.Of(source));
}
