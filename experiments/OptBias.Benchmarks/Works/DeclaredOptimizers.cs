using OptBias.Optimizers;

namespace OptBias.Benchmarks.Works;

/// <summary>The declared optimizers by name.</summary>
internal static class DeclaredOptimizers
{
    private static readonly IReadOnlyDictionary<string, OptimizerDescriptor> All =
        OptimizerCatalogue.Of(typeof(AdamW).Assembly).All.ToDictionary(d => d.Name);

    public static IEnumerable<OptimizerDescriptor> Everyone => All.Values;

    public static OptimizerDescriptor Of(string name) => All[name];
}
