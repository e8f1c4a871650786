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
    private const double Height = 15;

    /// <summary>Adds one label per series to its group.</summary>
    /// <param name="frame">The frame; labels stay inside.</param>
    /// <param name="series">The series.</param>
    public static void Draw(Frame frame, IReadOnlyList<LabelledPoints> series)
    {
        var obstacles = series.Select(s => ((IEnumerable<IReadOnlyList<(double X, double Y)>>)[s.Points, .. s.InTheWay]).SelectMany(Dense).ToArray()).ToArray();
        var placed = new List<Box>();
        foreach (var k in Enumerable.Range(0, series.Count).Where(k => series[k].Points.Count > 0).OrderBy(k => series[k].Points.Count))
        {
            var one = series[k];
            var others = obstacles.Where((_, i) => i != k).SelectMany(o => o).ToArray();
            var width = 1.1 * Ink.Width(one.Label, Ink.TextSize);
            var best = one.Points
                .SelectMany(p => Sides(p, width))
                .MinBy(box => Cost(box, frame, obstacles[k], others, placed))!;
            placed.Add(best);
            one.Group.Add(new TextMark(best.Left + 1, best.Top + (Height / 2), one.Label, Ink.TextSize, one.Color) { Bold = true });
        }
    }

    private static IEnumerable<Box> Sides((double X, double Y) p, double width)
    {
        foreach (var gap in (double[])[8, 16])
        {
            yield return new(p.X + gap, p.Y - (Height / 2), width);
            yield return new(p.X - gap - width, p.Y - (Height / 2), width);
            yield return new(p.X - (width / 2), p.Y - gap - Height, width);
            yield return new(p.X - (width / 2), p.Y + gap, width);
            yield return new(p.X + gap, p.Y - gap - (Height / 2), width);
            yield return new(p.X + gap, p.Y + gap - (Height / 2), width);
            yield return new(p.X - gap - width, p.Y - gap - (Height / 2), width);
            yield return new(p.X - gap - width, p.Y + gap - (Height / 2), width);
        }
    }

    /// <summary>A label must be seen, and seen to belong to its own series: what belongs to others counts as far as it is near.</summary>
    private static double Cost(Box box, Frame frame, (double X, double Y)[] own, (double X, double Y)[] others, List<Box> placed)
    {
        var outside = box.Left < frame.Left + 2 || box.Right > frame.Right || box.Top < frame.Top || box.Bottom > frame.Bottom - 2;
        return (outside ? 1000 : 0)
            + (200 * placed.Count(other => box.Overlaps(other)))
            + (6 * own.Count(box.Contains))
            + (20 * others.Count(box.Contains))
            + others.Sum(o => 150 / (50 + box.SquaredDistance(o)));
    }

    /// <summary>The points and what lies between them, every few pixels: lines are in the way too.</summary>
    private static IEnumerable<(double X, double Y)> Dense(IReadOnlyList<(double X, double Y)> points)
    {
        for (var i = 0; i < points.Count; i++)
        {
            yield return points[i];
            if (i == 0)
                continue;
            var (a, b) = (points[i - 1], points[i]);
            var steps = (int)(Math.Sqrt(Math.Pow(a.X - b.X, 2) + Math.Pow(a.Y - b.Y, 2)) / 6);
            for (var k = 1; k < steps; k++)
                yield return (a.X + ((b.X - a.X) * k / steps), a.Y + ((b.Y - a.Y) * k / steps));
        }
    }

    private sealed record Box(double Left, double Top, double Width)
    {
        public double Right => this.Left + this.Width;

        public double Bottom => this.Top + Height;

        public bool Overlaps(Box other) => this.Left < other.Right + 6 && other.Left < this.Right + 6 && this.Top < other.Bottom && other.Top < this.Bottom;

        public bool Contains((double X, double Y) p) => p.X >= this.Left - 3 && p.X <= this.Right + 3 && p.Y >= this.Top - 2 && p.Y <= this.Bottom + 2;

        public double SquaredDistance((double X, double Y) p) =>
            Math.Pow(Math.Max(0, Math.Max(this.Left - p.X, p.X - this.Right)), 2) + Math.Pow(Math.Max(0, Math.Max(this.Top - p.Y, p.Y - this.Bottom)), 2);
    }
}
