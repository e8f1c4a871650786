using TorchSharp;

namespace OptBias.Build.Tests;

public class TorchSharpLoadTests
{
    [Fact]
    public void TorchSharp_loads_on_this_system_and_computes()
    {
        using var ones = torch.ones(3);
        using var sum = ones.sum();

        Assert.Equal(3f, sum.item<float>());
    }
}
