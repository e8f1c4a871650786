namespace OptBias.Lab.Statistics;

/// <summary>Everything that is said about two optimizers on one metric.</summary>
/// <param name="Pairs">Seeds on which both have a value.</param>
/// <param name="Difference">Mean of first − second with its bootstrap interval.</param>
/// <param name="Test">The paired permutation test.</param>
/// <param name="EffectSize">Paired Hedges g with its interval.</param>
public sealed record PairedComparison(int Pairs, Interval Difference, PermutationTestResult Test, Interval EffectSize)
{
    /// <summary>Compares on the seeds on which both values are finite; a pair with a diverged run has no difference.</summary>
    /// <param name="first">One number per seed.</param>
    /// <param name="second">The other's numbers, same seeds in the same order.</param>
    /// <param name="seed">Seed of the resampling.</param>
    public static PairedComparison Of(IReadOnlyList<double> first, IReadOnlyList<double> second, int seed = 0)
    {
        if (first.Count != second.Count)
            throw new ArgumentException($"Paired samples have the same length, got {first.Count} and {second.Count}.");
        var pairs = first.Zip(second).Where(p => double.IsFinite(p.First) && double.IsFinite(p.Second)).ToArray();
        double[] a = [.. pairs.Select(p => p.First)], b = [.. pairs.Select(p => p.Second)];
        return new(
            pairs.Length,
            BootstrapInterval.OfMean([.. pairs.Select(p => p.First - p.Second)], seed),
            PairedPermutationTest.Of(a, b, seed),
            PairedEffectSize.Of(a, b));
    }
}
