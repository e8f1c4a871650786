using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>Tests that look at what the whole process shares, so that nothing may run beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Alone";
}

[Collection(Alone.Name)]
public sealed class MemoryTests
{
    [Theory]
    [MemberData(nameof(Declared.Names), MemberType = typeof(Declared))]
    public void Native_memory_is_flat_over_two_thousand_steps(string name)
    {
        using var problem = new Problem(ScalarType.Float32, 1, [12, 9], [9]);
        using var optimizer = Declared.Find(name).Create(problem.Parameters, new Dictionary<string, double> { ["lr"] = 1e-4 });
        problem.SetGradients(0);
        foreach (var (backend, steps) in new[] { (Backend.Auto, 2000), (Backend.TorchSharp, 2000) })
        {
            optimizer.Backend = backend;
            for (var step = 0; step < 300; step++)
                optimizer.step();
            Settle();
            var tensors = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

            // A leak of 4 kB a step grows by 8 MB in every window. What grows once (a library's work space, the collector's own heap) does not.
            var growth = long.MaxValue;
            for (var window = 0; window < Windows && growth > Flat; window++)
                growth = Math.Min(growth, GrowthOf(optimizer, steps));
            Assert.Equal(tensors, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
            Assert.InRange(growth, long.MinValue, Flat);
        }
    }

    [Theory]
    [MemberData(nameof(Declared.ElementwiseNames), MemberType = typeof(Declared))]
    public void A_fused_step_allocates_no_managed_memory(string name)
    {
        using var problem = new Problem(ScalarType.Float32, 1, [12, 9], [9]);
        using var optimizer = Declared.Find(name).Create(problem.Parameters, new Dictionary<string, double> { ["lr"] = 1e-4 });
        optimizer.Backend = Backend.Fused;
        problem.SetGradients(0);
        Assert.Equal(0, Allocations.OfSteps(optimizer));
    }

    [Fact]
    public void A_fused_step_allocates_nothing_that_lasts()
    {
        using var problem = new Problem(ScalarType.Float32, 1, [100], [20, 5]);
        using var optimizer = new OptBias.Optimizers.AdamW(problem.Parameters) { Backend = Backend.Fused };
        problem.SetGradients(0);
        for (var step = 0; step < 50; step++)
            optimizer.step();
        Settle();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var step = 0; step < 1000; step++)
            optimizer.step();
        Settle();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 64 * 1024);
    }

    /// <summary>Steps with refreshes of the roots among them.</summary>
    [Theory]
    [InlineData("Shampoo")]
    [InlineData("MuonMatrix")]
    public void A_step_of_the_matrix_family_allocates_the_wrappers_of_the_gradients_and_nothing_else(string name)
    {
        const int Wrapper = 48;
        using var problem = new Problem(ScalarType.Float32, 1, [60, 40], [20, 200]);
        using var optimizer = Declared.Find(name).Create(problem.Parameters, new Dictionary<string, double>());
        problem.SetGradients(0);
        Assert.InRange(Allocations.OfSteps(optimizer, warmUp: 20, steps: 40), 0, 40 * problem.Parameters.Count * Wrapper);
    }

    private const int Windows = 3;
    private const long Flat = 8L << 20;

    private static long GrowthOf(DeclaredOptimizer optimizer, int steps)
    {
        var bytes = Environment.WorkingSet;
        for (var step = 0; step < steps; step++)
            optimizer.step();
        Settle();
        return Environment.WorkingSet - bytes;
    }

    /// <summary>Collects what is dead and gives its memory back, so that the process's memory is what lives in it.</summary>
    private static void Settle()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
