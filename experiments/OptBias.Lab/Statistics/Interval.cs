using System.Globalization;

namespace OptBias.Lab.Statistics;

/// <summary>A number with its uncertainty: an estimate and the ends of its interval (95% unless said otherwise).</summary>
/// <param name="Estimate">The estimate itself, most often a mean over seeds.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Interval(double Estimate, double Low, double High)
{
    /// <summary>Digits that are shown at most beyond those of a format.</summary>
    private const int MostDigits = 6;

    /// <summary>What is there when nothing could be measured.</summary>
    public static Interval Undefined { get; } = new(double.NaN, double.NaN, double.NaN);

    /// <summary>A number that is exact.</summary>
    public static Interval Exactly(double value) => new(value, value, value);

    /// <summary>A number of which nobody knows how exact it is, such as that of a single run: an estimate without ends.</summary>
    public static Interval Single(double value) => new(value, double.NaN, double.NaN);

    /// <summary>The values that it was to be of, such as the seeds; 0 where all of them are in it.</summary>
    public int Count { get; init; }

    /// <summary>Those of <see cref="Count"/> that had no number, such as runs that diverged. They are not in the estimate, and are said beside it.</summary>
    public int Missing { get; init; }

    /// <summary>"4 of 6 seeds" where some have no number; empty where all are in it.</summary>
    public string Counted => this.Missing == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{this.Count - this.Missing} of {this.Count} seeds");

    /// <summary>Whether there is an estimate at all.</summary>
    public bool IsDefined => !double.IsNaN(this.Estimate);

    /// <summary>Whether there are ends: false for a single run.</summary>
    public bool HasEnds => !double.IsNaN(this.Low) && !double.IsNaN(this.High);

    /// <summary>Whether the interval has a width.</summary>
    public bool HasWidth => this.High > this.Low;

    /// <summary>Whether <paramref name="value"/> lies in the interval, ends included.</summary>
    public bool Contains(double value) => this.Low <= value && value <= this.High;

    /// <summary>The interval on another scale, such as 100 for percent. A negative factor turns it around.</summary>
    public Interval Scale(double factor) => factor >= 0
        ? this with { Estimate = this.Estimate * factor, Low = this.Low * factor, High = this.High * factor }
        : this with { Estimate = this.Estimate * factor, Low = this.High * factor, High = this.Low * factor };

    /// <summary>"0.912 [0.905, 0.918]", whatever the machine's language; the estimate alone where there are no ends, "n/a" where there is none, and "(4 of 6 seeds)" behind it where some have no number.</summary>
    public string ToString(string format)
    {
        if (!this.IsDefined)
            return "n/a";
        format = this.Finer(format);
        return (this.HasEnds ? $"{Text(this.Estimate, format)} [{Text(this.Low, format)}, {Text(this.High, format)}]" : Text(this.Estimate, format))
            + (this.Missing == 0 ? "" : $" ({this.Counted})");
    }

    /// <summary>The format with as many more digits as it takes to see on which side of zero the interval is: [0.0004, 0.0013] and not [0.000, 0.001].</summary>
    /// <param name="format">Invariant numeric format: "0.000".</param>
    public string Finer(string format)
    {
        if (!this.HasEnds || this.Contains(0))
            return format;
        for (var more = 0; more < MostDigits && (IsZero(this.Low, format) || IsZero(this.High, format)); more++)
            format += format.Contains('.') ? format[^1..] : ".0";
        return format;
    }

    private static bool IsZero(double value, string format) => !Text(value, format).AsSpan().ContainsAnyInRange('1', '9');

    /// <summary>A number as it is printed: a point, and a true minus.</summary>
    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−');

    /// <inheritdoc />
    public override string ToString() => this.ToString("0.###");
}
