namespace OptBias.Lab.Statistics;

/// <summary>What a paired permutation test found.</summary>
/// <param name="PValue">Two-sided p; NaN for no pairs or a difference that is not finite.</param>
/// <param name="SmallestPossible">The smallest p that this many pairs can give, 2 / 2ⁿ: 0.0625 for five seeds, 0.03125 for six.</param>
/// <param name="IsExact">Whether every flip of signs was counted, or a random sample of them.</param>
public readonly record struct PermutationTestResult(double PValue, double SmallestPossible, bool IsExact);

/// <summary>
/// Paired permutation test: if the two optimizers did not differ, the sign of each seed's difference would be a coin's.
/// p is the fraction of sign flips whose mean difference is at least as far from zero as the one seen.
/// </summary>
/// <remarks>
/// Exact up to 16 pairs (65,536 flips), sampled beyond, p = (1 + hits) / (1 + samples) then so that it is never zero.
/// Source: Fisher, The Design of Experiments, 1935, section 21; Phipson and Smyth, SAGMB 2010 (the added one).
/// </remarks>
public static class PairedPermutationTest
{
    private const int LargestExact = 16;
    private const int Samples = 100_000;

    /// <summary>Tests two samples whose entries belong to the same seeds.</summary>
    /// <param name="first">One number per seed.</param>
    /// <param name="second">The other optimizer's numbers, same seeds in the same order.</param>
    /// <param name="seed">Seed of the sampling beyond 16 pairs.</param>
    /// <exception cref="ArgumentException">Different lengths.</exception>
    public static PermutationTestResult Of(ReadOnlySpan<double> first, ReadOnlySpan<double> second, int seed = 0)
    {
        if (first.Length != second.Length)
            throw new ArgumentException($"Paired samples have the same length, got {first.Length} and {second.Length}.");
        var n = first.Length;
        var differences = new double[n];
        for (var i = 0; i < n; i++)
            differences[i] = first[i] - second[i];
        if (n == 0 || differences.Any(d => !double.IsFinite(d)))
            return new(double.NaN, double.NaN, true);

        // Sums that differ only by the order of their additions are the same sum.
        var seen = Math.Abs(differences.Sum()) - (1e-12 * differences.Sum(Math.Abs));
        return n <= LargestExact
            ? new(Enumerate(differences, seen), Math.Pow(2, 1 - n), true)
            : new(Sample(differences, seen, seed), Math.Max(Math.Pow(2, 1 - n), 1.0 / (Samples + 1)), false);
    }

    private static double Enumerate(double[] differences, double seen)
    {
        // Flipping all signs changes nothing two-sided, so the last one stays.
        var flips = 1L << (differences.Length - 1);
        var hits = 0L;
        for (var flip = 0L; flip < flips; flip++)
        {
            var sum = 0.0;
            for (var i = 0; i < differences.Length; i++)
                sum += ((flip >> i) & 1) == 0 ? differences[i] : -differences[i];
            if (Math.Abs(sum) >= seen)
                hits++;
        }

        return hits / (double)flips;
    }

    private static double Sample(double[] differences, double seen, int seed)
    {
        var random = new Random(seed);
        var hits = 0;
        for (var sample = 0; sample < Samples; sample++)
        {
            var sum = 0.0;
            for (var i = 0; i < differences.Length; i++)
                sum += random.Next(2) == 0 ? differences[i] : -differences[i];
            if (Math.Abs(sum) >= seen)
                hits++;
        }

        return (1.0 + hits) / (1.0 + Samples);
    }
}
