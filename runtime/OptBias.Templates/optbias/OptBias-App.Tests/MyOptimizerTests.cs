using OptBias.Testing;
using TorchSharp;
using Parameter = TorchSharp.Modules.Parameter;

namespace OptBiasNamespace.Tests;

public class MyOptimizerTests
{
    /// <summary>The generated code is the file beside this one. Read it: it is what runs.</summary>
    [Fact]
    public Task Generated_code() => Snapshot.Of<MyOptimizer>();

    [Fact]
    public void A_step_lowers_the_loss()
    {
        using var weight = new Parameter(torch.tensor([3.0, -2.0]));
        using var optimizer = new MyOptimizer([weight]);

        Assert.True(Loss(weight, optimizer) > Loss(weight, optimizer));
    }

    /// <summary>The squared length of the weight before a step.</summary>
    private static double Loss(Parameter weight, MyOptimizer optimizer)
    {
        using var scope = torch.NewDisposeScope();
        var loss = weight.square().sum();
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
        return loss.item<double>();
    }
}
