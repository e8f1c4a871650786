using System.Globalization;

namespace OptBias.Lab.Reports;

/// <summary>How an optimizer looks in every figure: colour and marker say the same, so that neither is needed alone.</summary>
/// <param name="Color">"#rrggbb" of lines and fills.</param>
/// <param name="Ink">The same hue, dark enough for text on white (contrast 4.5 or more).</param>
/// <param name="Marker">Shape of its points.</param>
public sealed record SeriesStyle(string Color, string Ink, MarkerShape Marker);

/// <summary>Shapes of points.</summary>
public enum MarkerShape
{
    /// <summary>Filled circle.</summary>
    Circle,

    /// <summary>Filled square.</summary>
    Square,

    /// <summary>Filled triangle, point up.</summary>
    Triangle,

    /// <summary>Filled diamond.</summary>
    Diamond,

    /// <summary>Filled triangle, point down.</summary>
    TriangleDown,
}

/// <summary>Colours that people with any of the common colour blindnesses tell apart.</summary>
/// <remarks>The first seven are those of Okabe and Ito, "Color universal design", 2008, without yellow, which vanishes on white; the rest from Tol, "Colour schemes", 2021 (muted).</remarks>
public static class Palette
{
    /// <summary>The colours, in the order in which optimizers get them.</summary>
    public static IReadOnlyList<string> Colors { get; } =
    [
        "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000",
        "#882255", "#999933", "#332288", "#44aa99", "#661100", "#888888",
    ];

    /// <summary>The style of each optimizer of a report, in their order; an optimizer's own colour is kept and not given to another.</summary>
    /// <exception cref="FormatException">A colour that is not "#rrggbb".</exception>
    public static IReadOnlyDictionary<string, SeriesStyle> Assign(IReadOnlyList<ReportOptimizer> optimizers)
    {
        var own = optimizers.Where(o => o.Color is not null).Select(o => o.Color!.ToLowerInvariant()).ToHashSet();
        var free = new Queue<string>(Colors.Where(color => !own.Contains(color)));
        var styles = new Dictionary<string, SeriesStyle>();
        for (var i = 0; i < optimizers.Count; i++)
        {
            var color = optimizers[i].Color?.ToLowerInvariant();
            if (color is null)
            {
                color = free.Dequeue();
                free.Enqueue(color);
            }

            styles.Add(optimizers[i].Name, new(color, Ink(color), (MarkerShape)(i % 5)));
        }

        return styles;
    }

    /// <summary>The colour, darkened until text in it can be read on white: contrast 4.5, as WCAG 2 asks for.</summary>
    public static string Ink(string color)
    {
        var (r, g, b) = Parse(color);
        var factor = 1.0;
        while (Contrast(r * factor, g * factor, b * factor) < 4.5)
            factor -= 0.02;
        return $"#{Hex(r * factor)}{Hex(g * factor)}{Hex(b * factor)}";
    }

    /// <summary>A colour's red, green and blue, 0 to 255.</summary>
    internal static (double R, double G, double B) Parse(string color)
    {
        if (color.Length != 7 || color[0] != '#' || !int.TryParse(color.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var rgb))
            throw new FormatException($"'{color}' is no colour. A colour is '#' and six hexadecimal digits, such as #0072b2.");
        return (rgb >> 16, (rgb >> 8) & 255, rgb & 255);
    }

    /// <summary>Viridis from dark to light at t in [0, 1], by its anchor colours: a scale that survives grey printing and colour blindness.</summary>
    internal static string Sequential(double t)
    {
        string[] anchors = ["#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725"];
        var position = Math.Clamp(t, 0, 1) * (anchors.Length - 1);
        var i = Math.Min((int)position, anchors.Length - 2);
        var (a, b) = (Parse(anchors[i]), Parse(anchors[i + 1]));
        var f = position - i;
        return $"#{Hex(a.R + (f * (b.R - a.R)))}{Hex(a.G + (f * (b.G - a.G)))}{Hex(a.B + (f * (b.B - a.B)))}";
    }

    /// <summary>Black or white, whichever reads better on the colour.</summary>
    internal static string TextOn(string color)
    {
        var (r, g, b) = Parse(color);
        return Contrast(r, g, b) >= 4.5 ? "#ffffff" : "#000000";
    }

    private static string Hex(double value) => ((int)Math.Round(Math.Clamp(value, 0, 255))).ToString("x2", CultureInfo.InvariantCulture);

    /// <summary>Contrast with white: (1 + 0.05) / (luminance + 0.05).</summary>
    private static double Contrast(double r, double g, double b) =>
        1.05 / ((0.2126 * Linear(r)) + (0.7152 * Linear(g)) + (0.0722 * Linear(b)) + 0.05);

    private static double Linear(double channel)
    {
        var c = channel / 255;
        return c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
    }
}
