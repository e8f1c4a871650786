using OptBias.Kernels;
using OptBias.LinearAlgebra;
using OptBias.Optimizers;
using TorchSharp;
using AdamW = OptBias.Optimizers.AdamW;
using Parameter = TorchSharp.Modules.Parameter;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

[Optimizer]
[Route(typeof(Sgd), Names = "*embed*, head.?")]
[Route(typeof(MuonMatrix), When = ParameterShape.Matrix, Name = "Muon")]
[Route(typeof(AdamW), Name = "Rest")]
public sealed partial class MuonOfHidden;

/// <summary>Routes by name: who goes where, in messages and checkpoints too.</summary>
[Collection(Alone.Name)]
public sealed class NamedRouteTests
{
    [Theory]
    [InlineData("*embed*", "tok_embedding.weight", true)]
    [InlineData("*embed*", "embed", true)]
    [InlineData("embed*", "tok_embedding", false)]
    [InlineData("head.?", "head.w", true)]
    [InlineData("head.?", "head.weight", false)]
    [InlineData("*.weight", "a.weight.weight", true)]
    [InlineData("a*b*c", "a-b-b-c", true)]
    [InlineData("a*b*c", "a-c-b", false)]
    [InlineData("*", "", true)]
    [InlineData("Head", "head", false)]
    [InlineData("a.b", "axb", false)]
    public void A_pattern_is_the_whole_of_a_name(string pattern, string name, bool matches) => Assert.Equal(matches, new NamePatterns(pattern).Match(name));

    [Fact]
    public void Parameters_go_by_name_first_where_a_route_asks_for_it()
    {
        using var optimizer = new MuonOfHidden(Named("tok_embed.weight", "fc.weight", "head.w", "fc.bias"));
        Assert.Equal(
            ["parameter 'tok_embed.weight': Sgd", "parameter 'fc.weight': MuonMatrix", "parameter 'head.w': Sgd", "parameter 'fc.bias': AdamW"],
            optimizer.Routes.Select(static route => route.ToString()));
    }

    [Fact]
    public void Each_follows_its_rule()
    {
        var (named, alone) = (Named("embed", "fc.weight"), Named("embed", "fc.weight"));
        using var composite = new MuonOfHidden(named, lr: 0.1, muon_lr: 0.02);
        using var sgd = new Sgd([alone[0]], lr: 0.1);
        using var muon = new MuonMatrix([alone[1]], lr: 0.02);
        for (var step = 0; step < 5; step++)
        {
            for (var k = 0; k < named.Count; k++)
                named[k].parameter.grad = alone[k].parameter.grad = (named[k].parameter.detach() * (step + 1)) - 0.5;
            composite.step();
            sgd.step();
            muon.step();
        }

        Assert.All(named.Zip(alone), static pair => Assert.Equal(0, (pair.First.parameter - pair.Second.parameter).abs().max().item<double>()));
    }

    [Fact]
    public void Parameters_without_names_are_refused() => Assert.Equal(
        "MuonOfHidden: the route to Sgd takes parameters by their names (*embed*, head.?), and parameter 0 of group 0 has none; give names, as model.named_parameters() does.",
        Assert.Throws<ArgumentException>(() => new MuonOfHidden([new Parameter(rand(2, 2))])).Message);

    [Fact]
    public void A_pattern_that_no_parameter_has_is_warned_of_once()
    {
        var heard = new List<string>();
        MatrixWarnings.Handler = heard.Add;
        try
        {
            using var optimizer = new MuonOfHidden(Named("embed", "heat.w"));
            optimizer.step();
            optimizer.step();
            Assert.Equal("MuonOfHidden: no parameter has a name like 'head.?', which the route to Sgd takes. ", Assert.Single(heard)[..83]);
        }
        finally
        {
            MatrixWarnings.Handler = null;
        }
    }

    [Fact]
    public void The_fingerprint_tells_other_names() =>
        Assert.NotEqual(new UpdatePlan { Name = "A", Hyperparameters = [], Routes = [new(ParameterShape.Any, Sgd.Descriptor.Plan, 0)] }.Fingerprint,
            new UpdatePlan { Name = "A", Hyperparameters = [], Routes = [new(ParameterShape.Any, Sgd.Descriptor.Plan, 0) { Names = new("head") }] }.Fingerprint);

    [Fact]
    public void The_bias_of_a_shape_is_that_of_the_route_without_names()
    {
        Assert.Equal("MuonMatrix", MuonOfHidden.Descriptor.Bias.For(4, 3).Rule);
        Assert.Equal("*embed*, head.?", MuonOfHidden.Descriptor.Bias.Rules[0].Names);
        Assert.Contains("Sgd, parameters called *embed*, head.?:", MuonOfHidden.Descriptor.Formulas, StringComparison.Ordinal);
    }

    private static List<(string name, Parameter parameter)> Named(params string[] names)
    {
        manual_seed(1);
        return [.. names.Select(static name => (name, new Parameter(name.EndsWith("bias", StringComparison.Ordinal) ? rand(3, dtype: ScalarType.Float64) : rand([4, 3], dtype: ScalarType.Float64))))];
    }
}
