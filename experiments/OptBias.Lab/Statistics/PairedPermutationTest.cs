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

    /// <summary>Up to so many pairs each sign has a random number of its own, as it always had: the same seed gives the same p.</summary>
    private const int OneByOne = 100;

    private const int WordBits = 32;

    /// <summary>Beyond it fewer samples are drawn, so that the work does not grow with the pairs.</summary>
    private const int MostSigns = 20_000_000;

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
            : new(Sample(differences, seen, seed, SamplesOf(n)), Math.Max(Math.Pow(2, 1 - n), 1.0 / (SamplesOf(n) + 1)), false);
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

    private static int SamplesOf(int pairs) => Math.Min(Samples, MostSigns / pairs);

    private static double Sample(double[] differences, double seen, int seed, int samples)
    {
        var random = new Random(seed);
        var hits = 0;
        for (var sample = 0; sample < samples; sample++)
        {
            var sum = differences.Length <= OneByOne ? SignByBit(differences, random) : SignsByWord(differences, random);
            if (Math.Abs(sum) >= seen)
                hits++;
        }

        return (1.0 + hits) / (1.0 + samples);
    }

    private static double SignByBit(double[] differences, Random random)
    {
        var sum = 0.0;
        foreach (var difference in differences)
            sum += random.Next(2) == 0 ? difference : -difference;
        return sum;
    }

    /// <summary>The same with a random word for each 32 signs: a thousand seeds would take a second a test.</summary>
    private static double SignsByWord(double[] differences, Random random)
    {
        var (sum, word) = (0.0, 0L);
        for (var i = 0; i < differences.Length; i++)
        {
            if (i % WordBits == 0)
                word = random.NextInt64(1L << WordBits);
            sum += BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(differences[i]) ^ (word << 63));
            word >>= 1;
        }

        return sum;
    }
}
