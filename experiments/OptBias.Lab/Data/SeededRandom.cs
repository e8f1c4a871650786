namespace OptBias.Lab.Data;

/// <summary>
/// xoshiro256** (Blackman and Vigna 2018), seeded by SplitMix64 from a seed and the name of a purpose.
/// The numbers are the same on every machine and in every version of .NET, which <see cref="Random"/> does not promise.
/// </summary>
/// <remarks>
/// The name keeps purposes apart: the batch order of seed 3 does not change when the initialisation draws one number more.
/// Only operations that IEEE 754 rounds exactly are used, no logarithm and no sine, whose last bit differs between systems.
/// </remarks>
public sealed class SeededRandom
{
    private ulong s0, s1, s2, s3;

    /// <summary>Starts the sequence of a purpose.</summary>
    /// <param name="seed">The seed, any number.</param>
    /// <param name="purpose">What the numbers are for: "batches", "weights".</param>
    public SeededRandom(long seed, string purpose)
    {
        // FNV-1a of the purpose; string.GetHashCode differs from process to process.
        var state = 14695981039346656037UL;
        foreach (var c in purpose)
            state = (state ^ c) * 1099511628211UL;
        state ^= unchecked((ulong)seed * 0x9E3779B97F4A7C15UL);
        this.s0 = SplitMix(ref state);
        this.s1 = SplitMix(ref state);
        this.s2 = SplitMix(ref state);
        this.s3 = SplitMix(ref state);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        var result = ulong.RotateLeft(this.s1 * 5, 7) * 9;
        var t = this.s1 << 17;
        this.s2 ^= this.s0;
        this.s3 ^= this.s1;
        this.s1 ^= this.s2;
        this.s0 ^= this.s3;
        this.s2 ^= t;
        this.s3 = ulong.RotateLeft(this.s3, 45);
        return result;
    }

    /// <summary>A number in [0, 1), uniform over the multiples of 2⁻⁵³.</summary>
    public double NextDouble() => (this.NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number in [low, high), uniform.</summary>
    public double Uniform(double low, double high) => low + ((high - low) * this.NextDouble());

    /// <summary>A whole number in [0, bound), uniform (Lemire's multiplication; its bias is below 2⁻³² for the sizes used here).</summary>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)Math.BigMul(this.NextBits(), (ulong)bound, out _);
    }

    /// <summary>Nearly normal with mean 0 and variance 1: the sum of twelve uniform numbers, less six. Never beyond ±6.</summary>
    public double NextNearlyNormal()
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++)
            sum += this.NextDouble();
        return sum;
    }

    /// <summary>Shuffles in place (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = this.NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>The numbers 0 ... n − 1 in random order.</summary>
    public long[] Permutation(int n)
    {
        var order = new long[n];
        for (var i = 0; i < n; i++)
            order[i] = i;
        this.Shuffle(order.AsSpan());
        return order;
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
