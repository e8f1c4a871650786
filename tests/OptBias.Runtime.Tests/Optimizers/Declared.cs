using OptBias.Optimizers;

namespace OptBias.Runtime.Tests;

/// <summary>The declared optimizers, the published ones and those of the tests, for tests that hold for all of them.</summary>
internal static class Declared
{
    public static readonly OptimizerCatalogue Catalogue = OptimizerCatalogue.Of(typeof(AdamW).Assembly, typeof(Clipped).Assembly);

    /// <summary>
    /// Those that take the parameters of any problem: without the composite that by design takes no vectors, and those whose routes take
    /// parameters by name, since the problems' parameters have none.
    /// </summary>
    public static IEnumerable<OptimizerDescriptor> OfAnyProblem => Catalogue.All.Where(d => d.Name != nameof(OnlyMatrices) && d.Plan.Routes.All(route => route.Names is null));

    /// <summary>Their names.</summary>
    public static TheoryData<string> Names => new(OfAnyProblem.Select(d => d.Name));

    /// <summary>Those without matrix stages.</summary>
    public static TheoryData<string> ElementwiseNames => new(Catalogue.All.Where(d => d.Cost.MatrixStages == 0).Select(d => d.Name));

    public static OptimizerDescriptor Find(string name) => Catalogue.Find(name);
}
