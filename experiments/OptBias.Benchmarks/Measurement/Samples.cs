using System.Globalization;

namespace OptBias.Benchmarks.Measurement;

/// <summary>The times of one contender, one for each round.</summary>
/// <param name="Name">The contender.</param>
/// <param name="Seconds">Seconds for one call, by round.</param>
public sealed record Samples(string Name, double[] Seconds)
{
    /// <summary>The median, in seconds: what stands in the way now and then does not move it.</summary>
    public double Median => Quantile(this.Seconds, 0.5);

    /// <summary>How many times longer this one takes than another: the ratio of medians, and the quartiles of the ratios within rounds.</summary>
    public Ratio Over(Samples other)
    {
        var rounds = this.Seconds.Zip(other.Seconds, (a, b) => a / b).ToArray();
        return new Ratio(this.Median / other.Median, Quantile(rounds, 0.25), Quantile(rounds, 0.75));
    }

    /// <summary>A quantile, between two values in proportion.</summary>
    public static double Quantile(IEnumerable<double> values, double q)
    {
        var sorted = values.Order().ToArray();
        var place = q * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}

/// <summary>A ratio of two times measured side by side.</summary>
/// <param name="OfMedians">The ratio of the medians.</param>
/// <param name="LowerQuartile">A quarter of the rounds has a smaller ratio.</param>
/// <param name="UpperQuartile">A quarter of the rounds has a larger ratio.</param>
public readonly record struct Ratio(double OfMedians, double LowerQuartile, double UpperQuartile)
{
    /// <summary>As "1.02 (1.00–1.05)".</summary>
    /// <param name="format">How each number is written.</param>
    public string ToString(string format) =>
        string.Create(CultureInfo.InvariantCulture, $"{this.OfMedians.ToString(format, CultureInfo.InvariantCulture)} ({this.LowerQuartile.ToString(format, CultureInfo.InvariantCulture)}–{this.UpperQuartile.ToString(format, CultureInfo.InvariantCulture)})");
}
