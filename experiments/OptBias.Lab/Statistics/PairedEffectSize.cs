using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace OptBias.Lab.Statistics;

/// <summary>
/// Paired Hedges g: the mean difference over the standard deviation of the differences, times the small-sample correction
/// J = Γ(ν/2) / (√(ν/2) Γ((ν−1)/2)) with ν = n − 1.
/// </summary>
/// <remarks>
/// The interval is the exact one for normal differences: the noncentralities at which the seen t = √n d lies at either end of its
/// distribution. A bootstrap would not do: of five seeds, a resample repeats values and its standard deviation comes near zero.
/// No spread at all: 0 where the difference is 0, else ±∞. Fewer than two pairs, or a difference that is not finite: undefined; for two pairs
/// J would be 0 (Γ(0) is infinite), and that of three, 0.564, stands in.
/// Source: Hedges, Journal of Educational Statistics 1981 (J); Goulet-Pelletier and Cousineau, TQMP 2018 (paired designs); Steiger and Fouladi 1997 (interval).
/// </remarks>
public static class PairedEffectSize
{
    private static readonly RecentlyUsed<int, ((double S, double Weight)[] Nodes, double Step)> Nodes = new(16);

    /// <summary>Hedges g of first − second with its interval.</summary>
    /// <param name="first">One number per seed.</param>
    /// <param name="second">The other optimizer's numbers, same seeds in the same order.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="ArgumentException">Different lengths.</exception>
    public static Interval Of(ReadOnlySpan<double> first, ReadOnlySpan<double> second, double level = 0.95)
    {
        if (first.Length != second.Length)
            throw new ArgumentException($"Paired samples have the same length, got {first.Length} and {second.Length}.");
        if (level is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence level lies in (0, 1), such as 0.95.");
        var n = first.Length;
        if (n < 2)
            return Interval.Undefined;
        var differences = new double[n];
        for (var i = 0; i < n; i++)
            differences[i] = first[i] - second[i];
        if (differences.Any(d => !double.IsFinite(d)))
            return Interval.Undefined;

        var mean = differences.Average();
        var deviation = Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / (n - 1));
        var size = differences.Max(Math.Abs);
        if (deviation <= 1e-12 * size || size == 0)
            return Interval.Single(size == 0 ? 0 : double.CopySign(double.PositiveInfinity, mean));

        var d = mean / deviation;
        var t = Math.Sqrt(n) * d;
        var correction = Correction(n - 1);
        var low = Noncentrality(t, n - 1, (1 + level) / 2);
        var high = Noncentrality(t, n - 1, (1 - level) / 2);
        return new(correction * d, correction * low / Math.Sqrt(n), correction * high / Math.Sqrt(n));
    }

    /// <summary>Hedges' J; with one degree of freedom it would be 0, and the value of two degrees, 0.564, stands in.</summary>
    internal static double Correction(int freedom)
    {
        double v = Math.Max(2, freedom);
        return Math.Exp(SpecialFunctions.GammaLn(v / 2) - SpecialFunctions.GammaLn((v - 1) / 2)) / Math.Sqrt(v / 2);
    }

    /// <summary>The noncentrality at which P(T ≤ t) is the given probability; P falls as the noncentrality grows.</summary>
    private static double Noncentrality(double t, int freedom, double probability)
    {
        double low = t - 10, high = t + 10;
        for (var reach = 10.0; NoncentralT(t, freedom, low) < probability; reach *= 2)
            low -= reach;
        for (var reach = 10.0; NoncentralT(t, freedom, high) > probability; reach *= 2)
            high += reach;
        for (var i = 0; i < 80; i++)
        {
            var middle = (low + high) / 2;
            // The two ends are neighbours: it would stay there.
            if (middle == low || middle == high)
                return middle;
            if (NoncentralT(t, freedom, middle) > probability)
                low = middle;
            else
                high = middle;
        }

        return (low + high) / 2;
    }

    /// <summary>P(T ≤ t) of the noncentral t distribution: the mean of Φ(t s − δ) over s, a chi variable over √ν, by Simpson's rule.</summary>
    internal static double NoncentralT(double t, int freedom, double noncentrality)
    {
        var (nodes, step) = Nodes.Of(freedom, Chi);
        var sum = 0.0;
        foreach (var (s, weight) in nodes)
            sum += weight * Normal.CDF(0, 1, (t * s) - noncentrality);
        return Math.Clamp(sum * step / 3, 0, 1);
    }

    /// <summary>
    /// The nodes of Simpson's rule over s with the density there, which is the same for every t and δ. Nodes that weigh less than 10⁻²⁵ of the
    /// heaviest are left out: together they are far below the last bit of the sum.
    /// </summary>
    private static ((double S, double Weight)[] Nodes, double Step) Chi(int freedom)
    {
        double v = freedom;
        var logNormalisation = (v / 2 * Math.Log(v)) - ((v / 2 - 1) * Math.Log(2)) - SpecialFunctions.GammaLn(v / 2);
        var top = 1 + (12 / Math.Sqrt(v));
        const int Steps = 2000;
        var h = top / Steps;
        var nodes = new (double S, double Weight)[Steps + 1];
        for (var i = 0; i <= Steps; i++)
        {
            var s = i * h;
            var density = s == 0
                ? freedom == 1 ? Math.Exp(logNormalisation) : 0
                : Math.Exp(logNormalisation + ((v - 1) * Math.Log(s)) - (v * s * s / 2));
            nodes[i] = (s, (i == 0 || i == Steps ? 1 : i % 2 == 0 ? 2 : 4) * density);
        }

        var least = 1e-25 * nodes.Max(n => n.Weight);
        return ([.. nodes.Where(n => n.Weight >= least)], h);
    }
}
