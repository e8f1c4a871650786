namespace OptBias.Runtime.Tests;

/// <summary>Managed memory that steps allocate.</summary>
internal static class Allocations
{
    /// <summary>Bytes that this thread allocates in some steps, once the optimizer has got into its stride.</summary>
    /// <param name="optimizer">The optimizer, whose parameters have gradients.</param>
    /// <param name="warmUp">Steps before.</param>
    /// <param name="steps">Steps that count.</param>
    public static long OfSteps(DeclaredOptimizer optimizer, int warmUp = 100, int steps = 100)
    {
        for (var step = 0; step < warmUp; step++)
            optimizer.step();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < steps; step++)
            optimizer.step();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
