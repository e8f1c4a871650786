using OptBias.Optimizers;

namespace OptBias.Generators.Tests;

/// <summary>Neighbouring elementwise work is one pass over memory, and no pass is made that a reduction or product does not force.</summary>
public sealed class PassTests
{
    private static readonly OptimizerCatalogue Catalogue = OptimizerCatalogue.Of(typeof(AdamW).Assembly);

    [Theory]
    [InlineData("Sgd", 2, 1)]
    [InlineData("SgdMomentum", 3, 2)]
    [InlineData("AdamW", 4, 3)]
    [InlineData("AmsGrad", 5, 4)]
    [InlineData("Lion", 3, 2)]
    [InlineData("PowerPropSgd", 2, 1)]
    [InlineData("PowerPropAdam", 4, 3)]
    [InlineData("NAdam", 4, 3)]
    [InlineData("RAdam", 4, 3)]
    [InlineData("Adadelta", 4, 3)]
    [InlineData("CautiousAdamW", 4, 3)]
    [InlineData("AdEmaMix", 5, 4)]
    [InlineData("Adopt", 4, 3)]
    [InlineData("Upgd", 3, 2)]
    public void An_elementwise_optimizer_is_one_pass(string name, int reads, int writes)
    {
        var cost = Catalogue.Find(name).Cost;
        Assert.Equal((1, reads, writes), (cost.Passes, cost.ElementsRead, cost.ElementsWritten));
    }

    [Fact]
    public void Shampoo_is_the_passes_that_its_two_norms_and_its_product_force()
    {
        // One before the product, which also gathers ‖d‖; one over its result for ‖u‖; one that steps.
        var cost = Catalogue.Find("Shampoo").Cost;
        // The matrix steps are the product, and the lengths of its blocks where a large tensor has more than one.
        Assert.Equal((3, 2), (cost.Passes, cost.MatrixStages));

        // g, m, v in and m, v, d out; the product; the product and θ in and θ out.
        Assert.Equal((6, 4), (cost.ElementsRead, cost.ElementsWritten));
    }

    [Fact]
    public void Shampoo_by_sums_is_one_pass_after_its_product() => Assert.Equal(1, Catalogue.Find("ShampooSum").Cost.Passes);

    [Fact]
    public void Adafactor_reads_its_factors_and_never_holds_the_second_moment()
    {
        // One pass gathers the root mean squares of u and of θ, one steps; v is in neither.
        var cost = Catalogue.Find("Adafactor").Cost;
        Assert.Equal((2, 4, 1), (cost.Passes, cost.ElementsRead, cost.ElementsWritten));
    }
}
