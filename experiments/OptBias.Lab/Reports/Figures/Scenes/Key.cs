namespace OptBias.Lab.Reports.Figures.Scenes;

/// <summary>A row of colours and names above a figure whose marks have no room for direct labels.</summary>
internal static class Key
{
    private const double LineHeight = 20;

    /// <summary>Height of the key of these names.</summary>
    public static double Height(IEnumerable<string> names) => Positions(names).Select(p => p.Y).DefaultIfEmpty(0).Max() + LineHeight;

    /// <summary>Adds each entry to its optimizer's group.</summary>
    public static void Draw(IReadOnlyList<(SceneGroup Group, string Name, SeriesStyle Style)> entries)
    {
        foreach (var ((group, name, style), (x, y)) in entries.Zip(Positions(entries.Select(e => e.Name))))
        {
            group.Add(new RectMark(x, y + 3, 12, 12, style.Color));
            group.Add(new TextMark(x + 18, y + 9, name, Ink.TextSize, style.Ink));
        }
    }

    private static IEnumerable<(double X, double Y)> Positions(IEnumerable<string> names)
    {
        double x = 74, y = 4;
        foreach (var name in names)
        {
            var width = 40 + (1.15 * Ink.Width(name, Ink.TextSize));
            if (x + width > Frame.Width && x > 74)
                (x, y) = (74, y + LineHeight);
            yield return (x, y);
            x += width;
        }
    }
}
