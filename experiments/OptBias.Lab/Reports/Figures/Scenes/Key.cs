namespace OptBias.Lab.Reports.Figures.Scenes;

/// <summary>A row of markers and names above a figure whose marks have no room for direct labels.</summary>
internal static class Key
{
    private const double LineHeight = 20;

    /// <summary>Height of the key of these names.</summary>
    public static double Height(SceneSize size, IEnumerable<string> names) => Positions(size, names).Select(p => p.Y).DefaultIfEmpty(0).Max() + LineHeight;

    /// <summary>Adds each entry to its optimizer's group.</summary>
    public static void Draw(SceneSize size, IReadOnlyList<(SceneGroup Group, string Name, SeriesStyle Style)> entries)
    {
        foreach (var ((group, name, style), (x, y)) in entries.Zip(Positions(size, entries.Select(e => e.Name))))
        {
            group.Line(x - 4, y + 9, x + 16, y + 9, style.Color, 1.8, style.Dash);
            group.Add(new MarkerMark(x + 6, y + 9, style.Marker, 9, style.Color));
            group.Add(new TextMark(x + 22, y + 9, name, Ink.TextSize, style.Ink));
        }
    }

    private static IEnumerable<(double X, double Y)> Positions(SceneSize size, IEnumerable<string> names)
    {
        var left = size.HasKey ? 8 : size.Left - 4;
        double x = left, y = 4;
        foreach (var name in names)
        {
            var width = 44 + (1.1 * Ink.Width(name, Ink.TextSize));
            if (x + width > size.Width && x > left)
                (x, y) = (left, y + LineHeight);
            yield return (x, y);
            x += width;
        }
    }
}
