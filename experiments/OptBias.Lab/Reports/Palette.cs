using System.Globalization;
using System.Text;

namespace OptBias.Lab.Reports;

/// <summary>How an optimizer looks in every figure: colour, marker and dash say the same, so that none is needed alone and a grey print is enough.</summary>
/// <param name="Color">"#rrggbb" of lines and fills.</param>
/// <param name="Ink">The same hue, dark enough for text on white (contrast 4.5 or more).</param>
/// <param name="Marker">Shape of its points.</param>
public sealed record SeriesStyle(string Color, string Ink, MarkerShape Marker)
{
    /// <summary>Lengths of dashes and gaps of its lines; empty for a solid line.</summary>
    public IReadOnlyList<double> Dash { get; init; } = [];
}

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

    /// <summary>Upright cross.</summary>
    Plus,

    /// <summary>Diagonal cross.</summary>
    Cross,

    /// <summary>Hollow circle: what is no optimizer, such as the untrained network.</summary>
    Ring,
}

/// <summary>Colours that people with any of the common colour blindnesses tell apart, and who has which.</summary>
/// <remarks>The first six are those of Okabe and Ito, "Color universal design", 2008, without yellow, which vanishes on white, and black, which vanishes at night; the rest from Tol, "Colour schemes", 2021 (muted).</remarks>
public static class Palette
{
    private const string Night = "#0d1117";
    private const string Nobody = "";

    /// <summary>Shapes that optimizers have; the ring is kept for what is none.</summary>
    private const int Shapes = (int)MarkerShape.Ring;

    private static readonly IReadOnlyList<double>[] Dashes = [[], [8, 3], [3, 3], [8, 3, 2, 3]];

    /// <summary>
    /// The optimizers that the studies compare have a place of their own, so that each looks the same in every report. Whoever is not here
    /// has the place that follows from its name, or the next one that is free in its report.
    /// </summary>
    private static readonly string[] Places =
    [
        "Sgd", "AdamW", "Shampoo", "PowerPropSgd", "SgdMomentum", "Muon", "Soap", "ShampooNoGraft", "PowerPropMomentum", "Adam", "PowerPropAdam",
        "PowerPropPreconditionedMomentum", "InitOnly", "StepSizeOnly", "PowerPropMomentum-1.5", "PowerPropMomentum-3", "PowerPropMomentum-4",
        "PowerPropSgd-1.5", "PowerPropSgd-3", "PowerPropSgd-4", "PowerPropAdam-1.5", "PowerPropAdam-3", "PowerPropAdam-4", "Adam-L1-0.0001",
        "Adam-L1-0.00001", "Adam-L1-0.001", "PowerPropMomentum-head-SgdMomentum", "PowerPropMomentum-biases-SgdMomentum",
        // Twenty-eight places on, marker and dash come again: those of Sgd, AdamW and Shampoo, with whom the following are compared, are left out.
        Nobody, Nobody, Nobody, "AdamW-head-AdamW@0.3", "AdamW-head-AdamW@3", "Shampoo-head-AdamW@0.3", "Shampoo-head-AdamW", "Shampoo-head-AdamW@3",
        "Shampoo-head-Sgd@0.3", "Shampoo-head-Sgd", "Shampoo-head-Sgd@3", "Shampoo-biases-AdamW", "Shampoo-head-Sgd-biases-Sgd", "AdamW-head-Shampoo", "AdamW-head-Sgd",
    ];

    /// <summary>The colours, in the order of the places.</summary>
    public static IReadOnlyList<string> Colors { get; } =
    [
        "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9",
        "#882255", "#999933", "#332288", "#44aa99", "#661100", "#aa4499",
    ];

    /// <summary>Places whose colour and marker differ; the first 28 also differ in marker or dash, for print in grey.</summary>
    public static int Count => Colors.Count * Shapes;

    /// <summary>The style of each optimizer of a report. An optimizer's own colour is kept and not given to another.</summary>
    /// <param name="optimizers">The optimizers; each name once.</param>
    /// <exception cref="FormatException">A colour that is not "#rrggbb".</exception>
    public static IReadOnlyDictionary<string, SeriesStyle> Assign(IReadOnlyList<ReportOptimizer> optimizers)
    {
        var own = optimizers.Where(o => o.Color is not null).Select(o => o.Color!.ToLowerInvariant()).ToHashSet();
        var taken = new HashSet<int>();
        var places = new Dictionary<string, int>();
        foreach (var name in optimizers.Select(o => o.Name).OrderBy(name => Array.IndexOf(Places, name) < 0))
        {
            var place = Array.IndexOf(Places, name) is >= 0 and var known ? known : Free(name, taken, own);
            taken.Add(place);
            places.Add(name, place);
        }

        return optimizers.ToDictionary(o => o.Name, o => o.IsReference
            ? new SeriesStyle(o.Color?.ToLowerInvariant() ?? "#888888", Ink(o.Color ?? "#888888"), MarkerShape.Ring) { Dash = [1.5, 3] }
            : At(places[o.Name], o.Color?.ToLowerInvariant()));
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

    /// <summary>The colour, lightened until lines and text in it can be read on a dark page: contrast 4.5.</summary>
    public static string OnDark(string color)
    {
        var (r, g, b) = Parse(color);
        var (nr, ng, nb) = Parse(Night);
        var t = 0.0;
        while (Contrast(nr, ng, nb) / Contrast(Lit(r), Lit(g), Lit(b)) < 4.5)
            t += 0.02;
        return $"#{Hex(Lit(r))}{Hex(Lit(g))}{Hex(Lit(b))}";

        double Lit(double channel) => channel + (t * (255 - channel));
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

    /// <summary>Nearly white or black, whichever reads better on the colour. Both stay as they are on a dark page, where paper and text change.</summary>
    internal static string TextOn(string color)
    {
        var (r, g, b) = Parse(color);
        return Contrast(r, g, b) >= 4.8 ? "#fafafa" : "#000000";
    }

    /// <summary>Contrast of two colours, 1 to 21, as WCAG 2 defines it.</summary>
    internal static double Contrast(string one, string other)
    {
        var (a, b) = (Parse(one), Parse(other));
        var (x, y) = (Contrast(a.R, a.G, a.B), Contrast(b.R, b.G, b.B));
        return Math.Max(x / y, y / x);
    }

    /// <summary>The place that follows from a name; where its marker and colour are taken, the next whose colour is free, else the next that is free.</summary>
    private static int Free(string name, HashSet<int> taken, HashSet<string> own)
    {
        // FNV-1a: the same in every process, which string.GetHashCode is not.
        var hash = Encoding.UTF8.GetBytes(name).Aggregate(2166136261u, (h, b) => unchecked((h ^ b) * 16777619u));
        int[] from = [.. Enumerable.Range(0, Count).Select(i => (int)((hash + (uint)i) % (uint)Count))];
        var colors = taken.Select(place => place % Colors.Count).ToHashSet();
        var free = from.Where(place => !taken.Contains(place) && !own.Contains(Colors[place % Colors.Count])).ToArray();
        return free.Append(-1).FirstOrDefault(place => place >= 0 && !colors.Contains(place % Colors.Count), free.Length > 0 ? free[0] : from[0]);
    }

    private static SeriesStyle At(int place, string? own)
    {
        var color = own ?? Colors[place % Colors.Count];
        return new(color, Ink(color), (MarkerShape)(place % Shapes)) { Dash = Dashes[place / Shapes % Dashes.Length] };
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
