using System.Globalization;
using OptBias.Lab.Statistics;

namespace OptBias.Lab.Reports.Page;

/// <summary>Numbers as text: a point, a true minus, and no culture but the invariant one.</summary>
internal static class Numbers
{
    public static string Of(double value, string format = "0.####") => value switch
    {
        double.NaN => "n/a",
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "−∞",
        _ => Minus(value.ToString(format, CultureInfo.InvariantCulture)),
    };

    /// <summary>"[0.905, 0.918]" in markup, to stand below the estimate; nothing where there are no ends.</summary>
    public static string Span(Interval interval, string format) => interval.HasEnds ? $"<span class=\"interval\">[{Of(interval.Low, format)}, {Of(interval.High, format)}]</span>" : "";

    /// <summary>A p-value: two significant digits, and never a bare zero.</summary>
    public static string P(double p) => double.IsNaN(p) ? "n/a" : p < 0.001 ? "< 0.001" : p < 0.1 ? p.ToString("0.###", CultureInfo.InvariantCulture) : p.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>A hyperparameter: 0.001, 3e−5.</summary>
    public static string Hyper(double value) => Math.Abs(value) is > 0 and < 1e-3
        ? Minus(value.ToString("0.###e0", CultureInfo.InvariantCulture))
        : Minus(value.ToString("0.######", CultureInfo.InvariantCulture));

    /// <summary>A probability, never said to be sure because no resample contradicted.</summary>
    public static string Probability(double p) => p > 0.995 ? "> 0.99" : p is > 0 and < 0.005 ? "< 0.01" : p == 0 ? "< 0.01" : p.ToString("0.00", CultureInfo.InvariantCulture);

    public static string Time(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min")
        : time.TotalMinutes >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds} s")
            : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");

    private static string Minus(string text) => text.Replace('-', '−');
}
