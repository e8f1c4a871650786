using System.Runtime.Intrinsics;

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
        var hits = 0;
        var sums = Signs.Of(differences.Length, seed, samples).Sums(differences);
        foreach (var sum in sums)
            hits += Math.Abs(sum) >= seen ? 1 : 0;
        return (1.0 + hits) / (1.0 + samples);
    }

    /// <summary>Random signs of n pairs. They follow from n and the seed alone, so all tests of a report on as many seeds share them.</summary>
    private sealed class Signs
    {
        /// <summary>Samples whose sums are taken beside each other: one alone waits for each addition.</summary>
        private const int Abreast = 8;

        /// <summary>Of all seeds, and of the seeds left where runs diverged; 3 MB each.</summary>
        private static readonly RecentlyUsed<(int Pairs, int Seed, int Samples), Signs> Kept = new(4);

        private readonly int samples;

        /// <summary>[word][sample]: bit k of word w is the sign of pair 32 w + k, set for minus. Padded to whole groups of samples.</summary>
        private readonly uint[][] words;

        private Signs(int pairs, int seed, int samples)
        {
            this.samples = samples;
            var padded = (samples + Abreast - 1) / Abreast * Abreast;
            this.words = [.. Enumerable.Range(0, (pairs + WordBits - 1) / WordBits).Select(_ => new uint[padded])];
            var random = new Random(seed);
            for (var sample = 0; sample < samples; sample++)
            {
                for (var pair = 0; pair < pairs; pair++)
                {
                    // Beyond a hundred pairs a random word for 32 signs: a thousand seeds would take a second.
                    if (pairs <= OneByOne)
                        this.words[pair / WordBits][sample] |= (uint)random.Next(2) << (pair % WordBits);
                    else if (pair % WordBits == 0)
                        this.words[pair / WordBits][sample] = (uint)random.NextInt64(1L << WordBits);
                }
            }
        }

        public static Signs Of(int pairs, int seed, int samples) =>
            Kept.Of((pairs, seed, samples), static key => new(key.Pairs, key.Seed, key.Samples));

        /// <summary>The sum of the differences with the signs of each sample, added in the order of the pairs.</summary>
        public double[] Sums(double[] differences)
        {
            var sums = new double[this.samples];
            Span<double> group = stackalloc double[Abreast];
            for (var sample = 0; sample < this.samples; sample += Abreast)
            {
                var (first, second) = (Vector256<double>.Zero, Vector256<double>.Zero);
                for (var word = 0; word < this.words.Length; word++)
                {
                    var (low, high) = Vector256.Widen(Vector256.Create<uint>(this.words[word].AsSpan(sample, Abreast)));
                    foreach (var difference in differences.AsSpan(word * WordBits, Math.Min(WordBits, differences.Length - (word * WordBits))))
                    {
                        var value = Vector256.Create(difference).AsUInt64();
                        first += (value ^ (low << 63)).AsDouble();
                        second += (value ^ (high << 63)).AsDouble();
                        (low, high) = (low >>> 1, high >>> 1);
                    }
                }

                first.CopyTo(group);
                second.CopyTo(group[4..]);
                group[..Math.Min(Abreast, this.samples - sample)].CopyTo(sums.AsSpan(sample));
            }

            return sums;
        }
    }
}
