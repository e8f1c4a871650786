using OptBias.Lab.Studies;
using OptBias.Lab.Training;

namespace OptBias.Lab.Tests.Studies;

public sealed class MethodsTests
{
    [Fact]
    public void A_name_can_leave_the_head_to_another_method_with_the_rate_that_goes_with_it()
    {
        var method = Find("sgd-head-adamw");
        Assert.Equal("Sgd-head-AdamW", method.Name);
        Assert.Equal(("Sgd", "AdamW", null), (method.Optimizer, method.HeadOptimizer, method.BiasOptimizer));
        // The middles of the two grids: 0.0173 and 0.0003.
        Assert.Equal(0.0173, method.HeadRateFactor);
        Assert.Equal(Find("Sgd").LearningRates(12), method.LearningRates(12));
    }

    [Fact]
    public void Head_biases_power_and_penalty_can_be_named_together()
    {
        var method = Find("PowerPropMomentum-3-head-SgdMomentum-biases-Adam-L1-0.001");
        Assert.Equal("PowerPropMomentum-3-head-SgdMomentum-biases-Adam-L1-0.001", method.Name);
        Assert.Equal(3, method.Hyperparameters["alpha"]);
        Assert.Equal(("SgdMomentum", "Adam", 0.001), (method.HeadOptimizer, method.BiasOptimizer, method.L1));
        Assert.Equal(method.Name, Find(method.Name).Name);
    }

    [Fact]
    public void A_method_with_itself_for_head_and_biases_is_the_method()
    {
        var method = Find("Adam-head-Adam-biases-Adam");
        Assert.Equal((1, 1), (method.HeadRateFactor, method.BiasRateFactor));
        Assert.Equal(Find("Adam").Hyperparameters, method.HeadHyperparameters);
    }

    [Fact]
    public void The_head_can_have_a_multiple_of_the_rate_that_goes_with_it()
    {
        var (plain, thrice) = (Find("Shampoo-head-Sgd"), Find("shampoo-head-sgd@3"));
        Assert.Equal("Shampoo-head-Sgd@3", thrice.Name);
        Assert.Equal(3, thrice.HeadRateFactor / plain.HeadRateFactor, 1e-2);
        Assert.Equal(plain.LearningRates(12), thrice.LearningRates(12));
        Assert.Equal(0.3, Find("AdamW-head-AdamW@0.3").HeadRateFactor);
        Assert.Equal(2, Find("Adam-head-Sgd-biases-Adam@2").BiasRateFactor);
    }

    [Theory]
    [InlineData("Shampoo-head-Sgd@", "''")]
    [InlineData("Shampoo-head-Sgd@fast", "'fast'")]
    [InlineData("Shampoo-head-Sgd@0", "'0'")]
    [InlineData("Shampoo-head-AdmaW", "'AdmaW'")]
    [InlineData("Shampoo-head-", "''")]
    [InlineData("Adam-L1-much", "'much'")]
    public void A_name_with_a_wrong_part_is_explained(string name, string part) =>
        Assert.Contains(part, Assert.Throws<ArgumentException>(() => Find(name)).Message, StringComparison.Ordinal);

    private static Method Find(string name) => Methods.Find(name, DeclaredOptimizers.Default);
}
