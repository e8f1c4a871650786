using MathNet.Numerics.Distributions;

namespace OptBias.Lab.Statistics;

/// <summary>Bootstrap intervals over seeds: the expanded percentile interval.</summary>
/// <remarks>
/// <para>
/// The plain percentile interval is too narrow for the handful of seeds a study can afford: resampling uses the variance
/// with divisor n instead of n − 1, and normal instead of Student quantiles. Hesterberg's expansion reads the bootstrap
/// distribution at the levels Φ(±√(n/(n−1)) t₍α/2, n−1₎) instead of α/2 and 1 − α/2, which repairs both and needs no
/// acceleration constant; BCa estimates that constant from n leave-one-out means, which for n = 5 is noise.
/// Measured on normal values, an interval that calls itself 95% covers the mean in 92% of the cases for n = 5 (the plain one: 83%).
/// </para>
/// <para>
/// Below five values even that fails: no resample exceeds the range of the values, and the range of three covers in 76% of the
/// cases. There the interval is t with the bootstrap's standard error, estimate ± t₍α/2, n−1₎ √(n/(n−1)) · SE, which for a mean is
/// Student's interval: 95% on normal values, at the price of a width (4.3 standard errors for n = 3) that says how little three say.
/// Source of both: Hesterberg, "What teachers should know about the bootstrap", The American Statistician 2015.
/// </para>
/// <para>The mean of up to eight values is resampled exactly, every one of the n^n resamples with its weight, so it does not depend on a seed.</para>
/// </remarks>
public static class BootstrapInterval
{
    /// <summary>Resamples drawn where they are not enumerated.</summary>
    public const int DefaultResamples = 10_000;

    /// <summary>Below this number of values the interval is t with the bootstrap's standard error.</summary>
    public const int FewestForPercentiles = 5;

    private const int LargestExact = 8;

    /// <summary>
    /// Above 200 values fewer resamples do: the work stays as it is, and the error of 2,000 resamples is a hundredth of the interval's width.
    /// </summary>
    private const int MostDraws = 2_000_000;

    private const int FewestResamples = 2_000;

    /// <summary>The mean of the values with its interval.</summary>
    /// <param name="values">One number per seed. A NaN or an infinity makes the result undefined: separate diverged runs before.</param>
    /// <param name="seed">Seed of the resampling, used above eight values.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <param name="resamples">Number of resamples above eight values.</param>
    /// <returns>Undefined for no values; an estimate without ends for one.</returns>
    public static Interval OfMean(ReadOnlySpan<double> values, int seed = 0, double level = 0.95, int resamples = DefaultResamples)
    {
        RequireLevel(level);
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
                return Interval.Undefined;
        }

        if (values.IsEmpty)
            return Interval.Undefined;
        var mean = Mean(values);
        if (values.Length == 1)
            return Interval.Single(mean);

        var copy = values.ToArray();
        if (values.Length < FewestForPercentiles)
            return Student(mean, values.Length, level, MultisetResampling.Means(copy));
        var (low, high) = Levels(values.Length, level);
        var (means, weights) = values.Length <= LargestExact
            ? MultisetResampling.Means(copy)
            : (Resamples.Means(copy, seed, Affordable(values.Length, resamples)), null);
        return new(mean, Quantile.Of(means, weights, low), Quantile.Of(means, weights, high));
    }

    /// <summary>The interval of any statistic of n paired observations, such as a difference of two frontiers.</summary>
    /// <param name="n">Number of observations (seeds).</param>
    /// <param name="statistic">Computes the statistic from the indices of a resample, each in [0, n). NaN where it does not exist for that resample.</param>
    /// <param name="seed">Seed of the resampling.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <param name="resamples">Number of resamples.</param>
    /// <returns>
    /// The statistic of the observations as they are, with its interval over the resamples in which it exists.
    /// Undefined where it does not exist for the observations or for more than half of the resamples.
    /// </returns>
    public static Interval Of(int n, Func<int[], double> statistic, int seed = 0, double level = 0.95, int resamples = DefaultResamples)
    {
        RequireLevel(level);
        return n <= 0 ? Interval.Undefined : Of(n, statistic([.. Enumerable.Range(0, n)]), Drawn, level);

        double[] Drawn()
        {
            var drawn = new double[resamples];
            Resamples.Each(n, seed, resamples, (r, indices) => drawn[r] = statistic(indices));
            return drawn;
        }
    }

    /// <summary>The same of a statistic whose values are known.</summary>
    /// <param name="n">Number of observations, at least 1.</param>
    /// <param name="estimate">The statistic of the observations as they are.</param>
    /// <param name="resampled">The statistic of each resample, not finite where it does not exist; not asked for where it is not needed.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    internal static Interval Of(int n, double estimate, Func<double[]> resampled, double level = 0.95)
    {
        if (!double.IsFinite(estimate))
            return Interval.Undefined;
        if (n == 1)
            return Interval.Single(estimate);
        var all = resampled();
        var drawn = all.Where(double.IsFinite).ToArray();
        if (drawn.Length * 2 < all.Length)
            return Interval.Undefined;
        if (n < FewestForPercentiles)
            return Student(estimate, n, level, (drawn, null));
        var (low, high) = Levels(n, level);
        return new(estimate, Quantile.Of(drawn, null, low), Quantile.Of(drawn, null, high));
    }

    /// <summary>The two levels at which the bootstrap distribution of n observations is read.</summary>
    internal static (double Low, double High) Levels(int n, double level)
    {
        var t = StudentT.InvCDF(0, 1, n - 1, (1 + level) / 2);
        var low = Normal.CDF(0, 1, -Math.Sqrt(n / (n - 1.0)) * t);
        return (low, 1 - low);
    }

    /// <summary>t with the standard error of the bootstrap distribution, whose variance has divisor n instead of n − 1.</summary>
    private static Interval Student(double estimate, int n, double level, (double[] Values, double[]? Weights) bootstrap)
    {
        double Average(Func<double, double> of) => bootstrap.Weights is { } weights
            ? bootstrap.Values.Zip(weights, (value, weight) => weight * of(value)).Sum() / weights.Sum()
            : bootstrap.Values.Average(of);
        var centre = Average(v => v);
        var error = Math.Sqrt(Average(v => (v - centre) * (v - centre)));
        var half = StudentT.InvCDF(0, 1, n - 1, (1 + level) / 2) * Math.Sqrt(n / (n - 1.0)) * error;
        return new(estimate, estimate - half, estimate + half);
    }

    private static int Affordable(int n, int resamples) => Math.Min(resamples, Math.Max(FewestResamples, MostDraws / n));

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum / values.Length;
    }

    private static void RequireLevel(double level)
    {
        if (level is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence level lies in (0, 1), such as 0.95.");
    }
}
