using System.Globalization;

namespace OptBias.Lab.Reports.Figures.Scenes;

/// <summary>Maps the values of an axis to pixels, and chooses its ticks.</summary>
internal sealed class Scale
{
    private readonly bool logarithmic;
    private readonly double low;
    private readonly double high;
    private readonly double from;
    private readonly double to;

    private Scale(bool logarithmic, double low, double high, double from, double to) =>
        (this.logarithmic, this.low, this.high, this.from, this.to) = (logarithmic, low, high, from, to);

    /// <summary>The ticks inside the range with their labels.</summary>
    public IReadOnlyList<(double Value, string Label)> Ticks => this.logarithmic ? this.LogarithmicTicks() : this.LinearTicks();

    /// <summary>A scale that shows all of the values, or exactly what the axis fixes.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="values">Everything to be shown; what is not finite, or not positive on a logarithmic axis, is left out.</param>
    /// <param name="from">Pixel of the lower end.</param>
    /// <param name="to">Pixel of the upper end.</param>
    /// <param name="includeZero">Whether zero is always in, as for bars.</param>
    public static Scale Of(Axis axis, IEnumerable<double> values, double from, double to, bool includeZero = false)
    {
        var shown = values.Where(v => double.IsFinite(v) && (!axis.Logarithmic || v > 0)).Select(v => axis.Logarithmic ? Math.Log10(v) : v).ToArray();
        double low = shown.Length == 0 ? 0 : shown.Min(), high = shown.Length == 0 ? 1 : shown.Max();
        if (includeZero && !axis.Logarithmic)
            (low, high) = (Math.Min(low, 0), Math.Max(high, 0));
        if (high - low < 1e-12 * Math.Max(1, Math.Abs(high)))
            (low, high) = (low - 0.5, high + 0.5);
        var margin = 0.04 * (high - low);
        if (!(includeZero && low == 0))
            low -= margin;
        if (!(includeZero && high == 0))
            high += margin;
        low = Fixed(axis.Minimum, axis) ?? low;
        high = Fixed(axis.Maximum, axis) ?? high;
        return new(axis.Logarithmic, low, Math.Max(high, low + 1e-9), from, to);
    }

    /// <summary>The pixel of a value; NaN where it cannot be shown. Values beyond the ends lie beyond the frame.</summary>
    public double Pixel(double value)
    {
        var v = this.logarithmic ? (value > 0 ? Math.Log10(value) : double.NaN) : value;
        return this.from + ((v - this.low) / (this.high - this.low) * (this.to - this.from));
    }

    /// <summary>The pixel of a value, held inside the frame; NaN stays NaN.</summary>
    public double Clamped(double value)
    {
        var pixel = double.IsNegative(value) && this.logarithmic ? this.from : this.Pixel(value);
        return double.IsNaN(pixel) ? (this.logarithmic && value <= 0 ? this.from : pixel) : Math.Clamp(pixel, Math.Min(this.from, this.to), Math.Max(this.from, this.to));
    }

    /// <summary>A number as short as it can be said, in any culture the same.</summary>
    public static string Number(double value)
    {
        // A tick at k · step may be −0.
        value = value == 0 ? 0 : value;
        var magnitude = Math.Abs(value);
        return magnitude is > 0 and (< 1e-3 or >= 1e6)
            ? value.ToString("0.##e0", CultureInfo.InvariantCulture).Replace("-", "−", StringComparison.Ordinal)
            : value.ToString("0.####", CultureInfo.InvariantCulture).Replace("-", "−", StringComparison.Ordinal);
    }

    private static double? Fixed(double? bound, Axis axis) => bound is not { } value ? null : !axis.Logarithmic ? value : value > 0 ? Math.Log10(value) : null;

    private List<(double, string)> LinearTicks()
    {
        // Vertical axes (which run upwards, from a larger pixel to a smaller) have room for more.
        var spacing = this.to > this.from ? 80 : 50;
        var step = Step((this.high - this.low) / Math.Max(2, Math.Abs(this.to - this.from) / spacing));
        var ticks = new List<(double, string)>();
        for (var k = Math.Ceiling((this.low / step) - 1e-9); k * step <= this.high + (1e-9 * step); k++)
        {
            // k * step is 0.30000000000000004 where 0.3 is meant.
            var value = Math.Round(k * step, Math.Clamp(2 - (int)Math.Floor(Math.Log10(step)), 0, 15));
            ticks.Add((value, Number(value)));
        }

        return ticks;
    }

    private List<(double, string)> LogarithmicTicks()
    {
        var decades = this.high - this.low;
        int[] mantissas = decades > 4 ? [1] : decades > 1.6 ? [1, 3] : decades > 0.7 ? [1, 2, 5] : [1, 2, 3, 4, 5, 6, 7, 8, 9];
        var every = Math.Max(1, (int)Math.Ceiling(decades / Math.Max(2, Math.Abs(this.to - this.from) / 60)));
        var ticks = new List<(double, string)>();
        for (var exponent = (int)Math.Floor(this.low); exponent <= (int)Math.Ceiling(this.high); exponent++)
        {
            if (exponent % every != 0)
                continue;
            foreach (var mantissa in mantissas)
            {
                var value = double.Parse($"{mantissa}e{exponent.ToString(CultureInfo.InvariantCulture)}", CultureInfo.InvariantCulture);
                if (Math.Log10(value) >= this.low - 1e-9 && Math.Log10(value) <= this.high + 1e-9)
                    ticks.Add((value, Number(value)));
            }
        }

        return ticks;
    }

    private static double Step(double raw)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var mantissa = raw / power;
        return power * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10);
    }
}
