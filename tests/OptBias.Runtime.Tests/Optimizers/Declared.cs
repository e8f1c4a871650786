using OptBias.Optimizers;

namespace OptBias.Runtime.Tests;

/// <summary>The declared optimizers, the published ones and those of the tests, for tests that hold for all of them.</summary>
internal static class Declared
{
    public static readonly OptimizerCatalogue Catalogue = OptimizerCatalogue.Of(typeof(AdamW).Assembly, typeof(Clipped).Assembly);

    public static TheoryData<string> Names => new(Catalogue.All.Select(d => d.Name));

    public static OptimizerDescriptor Find(string name) => Catalogue.Find(name);
}
