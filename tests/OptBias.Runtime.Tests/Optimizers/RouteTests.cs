using OptBias.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>A composite: one optimizer, one state dict, different rules by shape.</summary>
public sealed class RouteTests
{
    [Fact]
    public void Each_parameter_follows_the_rule_for_its_shape()
    {
        using var routed = new Problem(ScalarType.Float64, 1, [5, 4], [5], [4, 3, 2, 2]);
        using var apart = new Problem(ScalarType.Float64, 1, [5, 4], [5], [4, 3, 2, 2]);
        using var muon = new Muon(routed.Parameters, lr: 0.02, adamw_lr: 3e-3);
        using var matrices = new MuonMatrix([apart.Parameters[0], apart.Parameters[2]], lr: 0.02);
        using var vectors = new AdamW([apart.Parameters[1]], lr: 3e-3);
        for (var step = 0; step < 10; step++)
        {
            routed.SetGradients(step);
            apart.SetGradients(step);
            muon.step();
            matrices.step();
            vectors.step();
        }

        Assert.Equal(0, routed.DistanceTo(apart));
    }

    [Fact]
    public void A_schedule_turns_the_learning_rates_of_all_routes_in_proportion()
    {
        using var routed = new Problem(ScalarType.Float64, 1, [5]);
        using var alone = new Problem(ScalarType.Float64, 1, [5]);
        using var muon = new Muon(routed.Parameters, lr: 0.02, adamw_lr: 3e-3);
        using var adam = new AdamW(alone.Parameters, lr: 1.5e-3);
        muon.ParamGroups.First().LearningRate = 0.01;
        routed.SetGradients(0);
        alone.SetGradients(0);
        muon.step();
        adam.step();
        Assert.InRange(routed.DistanceTo(alone), 0, 1e-15);
    }

    [Fact]
    public void There_is_one_state_dict()
    {
        using var one = new Problem(ScalarType.Float64, 1, [5, 4], [5]);
        using var two = new Problem(ScalarType.Float64, 1, [5, 4], [5]);
        using var first = new Muon(one.Parameters);
        using var second = new Muon(two.Parameters);
        one.SetGradients(0);
        first.step();
        second.load_state_dict(first.state_dict());
        Assert.All(first.States.Zip(second.States), pair => Assert.True(pair.First.ApproximatelyEquals(pair.Second)));
    }

    [Fact]
    public void A_parameter_that_no_route_takes_is_an_error_that_names_it()
    {
        using var problem = new Problem(ScalarType.Float64, 1, [5]);
        var exception = Assert.Throws<ArgumentException>(() => (object)new OnlyMatrices([("bias", problem.Parameters[0])]));
        Assert.Contains("parameter 'bias' has shape [5], and no route takes it", exception.Message, StringComparison.Ordinal);
    }
}

[Optimizer]
[Route(typeof(MuonMatrix), When = ParameterShape.Matrix)]
public sealed partial class OnlyMatrices;
