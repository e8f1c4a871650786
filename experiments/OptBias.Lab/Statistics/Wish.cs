using System.Globalization;

namespace OptBias.Lab.Statistics;

/// <summary>How a wish is meant.</summary>
public enum WishKind
{
    /// <summary>The metric is to be below the bound.</summary>
    Below,

    /// <summary>The metric is to be above the bound.</summary>
    Above,

    /// <summary>The metric is to be no further than the bound below the best optimizer's.</summary>
    WithinOfBest,
}

/// <summary>What somebody wants of a solution: <c>forgetting&lt;0.2</c>, <c>sparsity&gt;0.9</c>, or accuracy within 0.01 of the best.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Kind">How it is meant.</param>
/// <param name="Bound">The bound, in the metric's own unit.</param>
public sealed record Wish(string Metric, WishKind Kind, double Bound)
{
    /// <summary>Whether larger values are better for this wish.</summary>
    public bool HigherIsBetter => this.Kind != WishKind.Below;

    /// <summary>Reads <c>metric&lt;number</c> or <c>metric&gt;number</c>.</summary>
    /// <exception cref="FormatException">Neither of the two.</exception>
    public static Wish Parse(string text)
    {
        var at = text.IndexOfAny(['<', '>']);
        return at > 0 && Number(text[(at + 1)..]) is { } bound
            ? new(text[..at].Trim(), text[at] == '<' ? WishKind.Below : WishKind.Above, bound)
            : throw new FormatException($"'{text}' is no wish. A wish is a metric, '<' or '>', and a number, such as \"forgetting<0.2\" or \"sparsity>0.9\".");
    }

    /// <summary>Reads <c>metric:distance</c>, as after <c>--within</c>.</summary>
    /// <exception cref="FormatException">Something else, or a distance below zero.</exception>
    public static Wish ParseWithin(string text)
    {
        var at = text.IndexOf(':', StringComparison.Ordinal);
        return at > 0 && Number(text[(at + 1)..]) is { } bound and >= 0
            ? new(text[..at].Trim(), WishKind.WithinOfBest, bound)
            : throw new FormatException($"'{text}' is no distance from the best. Give a metric, ':' and a number that is not negative, such as \"accuracy:0.01\".");
    }

    /// <summary>Whether a value meets the wish. NaN never does.</summary>
    /// <param name="value">The optimizer's value.</param>
    /// <param name="best">The best value of all optimizers, used by <see cref="WishKind.WithinOfBest"/>.</param>
    public bool IsMet(double value, double best) => this.Kind switch
    {
        WishKind.Below => value < this.Bound,
        WishKind.Above => value > this.Bound,
        _ => value >= best - this.Bound - 1e-12,
    };

    /// <inheritdoc />
    public override string ToString() => this.Kind switch
    {
        WishKind.Below => string.Create(CultureInfo.InvariantCulture, $"{this.Metric} < {this.Bound}"),
        WishKind.Above => string.Create(CultureInfo.InvariantCulture, $"{this.Metric} > {this.Bound}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{this.Metric} within {this.Bound} of the best"),
    };

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
