namespace OptBias.Lab.Statistics;

/// <summary>The values that a metric can have, such as [0, 1] for an accuracy.</summary>
/// <remarks>
/// The percentile interval of a mean lies between the smallest and the largest value and so in the range; Student's, which stands in for it
/// where there are few values, need not. What an interval has outside the range is cut off: the true mean is never there, so an interval
/// that holds it in 95% of the cases still does.
/// </remarks>
/// <param name="Low">The smallest possible value; negative infinity for none.</param>
/// <param name="High">The largest possible value; infinity for none.</param>
public sealed record MetricRange(double Low, double High)
{
    /// <summary>All numbers.</summary>
    public static MetricRange Any { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>[0, 1]: fractions, accuracies, indices of sparsity.</summary>
    public static MetricRange Unit { get; } = new(0, 1);

    /// <summary>[−1, 1]: cosines, differences of accuracies.</summary>
    public static MetricRange Signed { get; } = new(-1, 1);

    /// <summary>[0, ∞): ranks, norms, bits.</summary>
    public static MetricRange Positive { get; } = new(0, double.PositiveInfinity);

    /// <summary>The values that the difference of two such metrics can have.</summary>
    public MetricRange OfDifference => new(this.Low - this.High, this.High - this.Low);

    /// <summary>An interval without what lies outside the range.</summary>
    public Interval Cut(Interval interval) => interval with { Low = Math.Max(interval.Low, this.Low), High = Math.Min(interval.High, this.High) };
}
