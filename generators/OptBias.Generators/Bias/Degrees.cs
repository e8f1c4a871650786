using System.Globalization;

namespace OptBias.Generators.Bias;

/// <summary>How degrees are written for people.</summary>
internal static class Degrees
{
    /// <summary>A whole number, or a decimal.</summary>
    public static string Text(double degree) => Math.Round(degree, 6).ToString("R", CultureInfo.InvariantCulture).Replace('-', '−');
}
