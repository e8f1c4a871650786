namespace OptBias.Lab.Reports.Figures.Scenes;

/// <summary>The room that a line of text takes in a figure.</summary>
/// <param name="Left">Its left edge in pixels.</param>
/// <param name="Top">Its upper edge.</param>
/// <param name="Width">Its width.</param>
internal sealed record LabelBox(double Left, double Top, double Width)
{
    public const double Height = 15;

    public double Right => this.Left + this.Width;

    public double Bottom => this.Top + Height;

    public bool IsInside(Frame frame) => this.Left >= frame.Left + 2 && this.Right <= frame.Right && this.Top >= frame.Top && this.Bottom <= frame.Bottom - 2;

    public bool Overlaps(LabelBox other) => this.Left < other.Right + 6 && other.Left < this.Right + 6 && this.Top < other.Bottom && other.Top < this.Bottom;

    /// <summary>Whether a point is in it, or so near that it touches the letters.</summary>
    public bool Contains((double X, double Y) p) => p.X >= this.Left - 3 && p.X <= this.Right + 3 && p.Y >= this.Top - 2 && p.Y <= this.Bottom + 2;

    /// <summary>Whether a point is in it.</summary>
    public bool Covers((double X, double Y) p) => p.X >= this.Left && p.X <= this.Right && p.Y >= this.Top && p.Y <= this.Bottom;

    public double SquaredDistance((double X, double Y) p) =>
        Math.Pow(Math.Max(0, Math.Max(this.Left - p.X, p.X - this.Right)), 2) + Math.Pow(Math.Max(0, Math.Max(this.Top - p.Y, p.Y - this.Bottom)), 2);

    /// <summary>The points and what lies between them, every few pixels: lines are in the way too.</summary>
    public static IEnumerable<(double X, double Y)> Dense(IReadOnlyList<(double X, double Y)> points)
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
}
