namespace OptBias.Lab.Reports.Figures.Scenes;

/// <summary>The points of a series as pixels, to be named.</summary>
internal sealed record LabelledPoints(SceneGroup Group, IReadOnlyList<(double X, double Y)> Points, string Label, string Color)
{
    /// <summary>Lines that a label should not cover either, such as whiskers.</summary>
    public IReadOnlyList<IReadOnlyList<(double X, double Y)>> InTheWay { get; init; } = [];
}

/// <summary>Direct labels beside points: each series is named at that of its points, and on that side of it, where the least else is.</summary>
internal static class PointLabels
{
    /// <summary>Adds one label per series to its group, and returns where they stand.</summary>
    /// <param name="frame">The frame; labels stay inside.</param>
    /// <param name="series">The series.</param>
    public static IReadOnlyList<LabelBox> Draw(Frame frame, IReadOnlyList<LabelledPoints> series)
    {
        var obstacles = series.Select(s => ((IEnumerable<IReadOnlyList<(double X, double Y)>>)[s.Points, .. s.InTheWay]).SelectMany(LabelBox.Dense).ToArray()).ToArray();
        var placed = new List<LabelBox>();
        foreach (var k in Enumerable.Range(0, series.Count).Where(k => series[k].Points.Count > 0).OrderBy(k => series[k].Points.Count))
        {
            var one = series[k];
            var others = obstacles.Where((_, i) => i != k).SelectMany(o => o).ToArray();
            var width = 1.1 * Ink.Width(one.Label, Ink.TextSize);
            var best = one.Points
                .SelectMany(p => Sides(p, width))
                .MinBy(box => Cost(box, frame, obstacles[k], others, placed))!;
            placed.Add(best);
            one.Group.Add(new TextMark(best.Left + 1, best.Top + (LabelBox.Height / 2), one.Label, Ink.TextSize, one.Color) { Bold = true });
        }

        return placed;
    }

    private static IEnumerable<LabelBox> Sides((double X, double Y) p, double width)
    {
        foreach (var gap in (double[])[8, 16])
        {
            yield return new(p.X + gap, p.Y - (LabelBox.Height / 2), width);
            yield return new(p.X - gap - width, p.Y - (LabelBox.Height / 2), width);
            yield return new(p.X - (width / 2), p.Y - gap - LabelBox.Height, width);
            yield return new(p.X - (width / 2), p.Y + gap, width);
            yield return new(p.X + gap, p.Y - gap - (LabelBox.Height / 2), width);
            yield return new(p.X + gap, p.Y + gap - (LabelBox.Height / 2), width);
            yield return new(p.X - gap - width, p.Y - gap - (LabelBox.Height / 2), width);
            yield return new(p.X - gap - width, p.Y + gap - (LabelBox.Height / 2), width);
        }
    }

    /// <summary>A label must be seen, and seen to belong to its own series: what belongs to others counts as far as it is near.</summary>
    private static double Cost(LabelBox box, Frame frame, (double X, double Y)[] own, (double X, double Y)[] others, List<LabelBox> placed)
    {
        return (box.IsInside(frame) ? 0 : 1000)
            + (200 * placed.Count(box.Overlaps))
            + (6 * own.Count(box.Contains))
            + (20 * others.Count(box.Contains))
            + others.Sum(o => 150 / (50 + box.SquaredDistance(o)));
    }
}
