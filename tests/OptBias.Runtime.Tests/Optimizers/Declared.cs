using OptBias.Optimizers;

namespace OptBias.Runtime.Tests;

/// <summary>The declared optimizers, the published ones and those of the tests, for tests that hold for all of them.</summary>
internal static class Declared
{
    public static readonly OptimizerCatalogue Catalogue = OptimizerCatalogue.Of(typeof(AdamW).Assembly, typeof(Clipped).Assembly);

    /// <summary>Their names; without the composite that by design takes no vectors, since the tests' problems have some.</summary>
    public static TheoryData<string> Names => new(Catalogue.All.Select(d => d.Name).Where(name => name != nameof(OnlyMatrices)));

    /// <summary>Those without matrix stages.</summary>
    public static TheoryData<string> ElementwiseNames => new(Catalogue.All.Where(d => d.Cost.MatrixStages == 0).Select(d => d.Name));

    public static OptimizerDescriptor Find(string name) => Catalogue.Find(name);
}
