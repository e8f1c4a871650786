namespace OptBias.Lab.Reports.Figures.Scenes;

/// <summary>The rectangle in which values are shown, with its axes.</summary>
internal sealed record Frame(double Left, double Top, double Right, double Bottom)
{
    /// <summary>The usual frame of a figure, with room on the right for direct labels.</summary>
    public static Frame With(SceneSize size, double right = 20, double top = 16, double bottom = 58) => new(size.Left, top, size.Width - right, size.Height - bottom);

    /// <summary>Draws grid, ticks and labels below everything else.</summary>
    public void Draw(Scene scene, Scale? x, string xText, Scale y, string yText, IReadOnlyList<ReferenceLine> references)
    {
        var back = scene.Group();
        foreach (var (value, label) in y.Ticks)
        {
            var at = y.Pixel(value);
            back.Line(this.Left, at, this.Right, at, Ink.Grid);
            back.Add(new TextMark(this.Left - 8, at, label, Ink.TickSize, Ink.Quiet) { Anchor = Anchor.End });
        }

        var lastEnd = double.NegativeInfinity;
        foreach (var (value, label) in x?.Ticks ?? [])
        {
            var at = x!.Pixel(value);
            back.Line(at, this.Bottom, at, this.Bottom + 5, Ink.Axis);
            var half = Ink.Width(label, Ink.TickSize) / 2;
            if (at - half < lastEnd + 4)
                continue;
            back.Add(new TextMark(at, this.Bottom + 16, label, Ink.TickSize, Ink.Quiet) { Anchor = Anchor.Middle });
            lastEnd = at + half;
        }

        back.Line(this.Left, this.Bottom, this.Right, this.Bottom, Ink.Axis);
        if (xText.Length > 0)
            back.Add(new TextMark((this.Left + this.Right) / 2, this.Bottom + 40, xText, Ink.TextSize, Ink.Text) { Anchor = Anchor.Middle });
        back.Add(new TextMark(12, (this.Top + this.Bottom) / 2, yText, Ink.TextSize, Ink.Text) { Anchor = Anchor.Middle, Upwards = true });
        this.DrawReferences(back, x, y, references);
    }

    /// <summary>A dotted curve, such as what remembering the last task alone would give; returns its points. <see cref="ReferenceNames"/> names it.</summary>
    public IReadOnlyList<(double X, double Y)> DrawReference(Scene scene, Scale x, Scale y, ReferenceCurve curve)
    {
        // What lies outside of the frame is left out: held at its edge it would be another curve.
        (double X, double Y)[] points =
        [
            .. Dense([.. curve.Points.Select(p => (x.Pixel(p.X), y.Pixel(p.Y)))])
                .Where(p => p.X >= this.Left - 0.5 && p.X <= this.Right + 0.5 && p.Y >= this.Top - 0.5 && p.Y <= this.Bottom + 0.5),
        ];
        if (points.Length < 2)
            return [];
        var back = scene.Group();
        back.Add(new PathMark(points) { Stroke = Ink.Quiet, Dash = [1.5, 3] });
        return points;
    }

    private static IEnumerable<(double X, double Y)> Dense(IReadOnlyList<(double X, double Y)> points)
    {
        const int Steps = 40;
        for (var i = 1; i < points.Count; i++)
        {
            var ((x0, y0), (x1, y1)) = (points[i - 1], points[i]);
            for (var k = i == 1 ? 0 : 1; k <= Steps; k++)
                yield return (x0 + ((x1 - x0) * k / Steps), y0 + ((y1 - y0) * k / Steps));
        }
    }

    private void DrawReferences(SceneGroup back, Scale? x, Scale y, IReadOnlyList<ReferenceLine> references)
    {
        IReadOnlyList<double> dash = [1.5, 3];
        foreach (var line in references.Where(line => line.IsVertical && x is not null))
        {
            var at = x!.Clamped(line.Value);
            back.Line(at, this.Top, at, this.Bottom, Ink.Quiet, 1, dash);
            var rightwards = at < (this.Left + this.Right) / 2;
            back.Add(new TextMark(at + (rightwards ? 5 : -5), this.Top + 8, line.Label, Ink.TickSize, Ink.Quiet) { Anchor = rightwards ? Anchor.Start : Anchor.End });
        }

        foreach (var at in references.Where(line => !line.IsVertical).Select(line => y.Clamped(line.Value)))
            back.Line(this.Left, at, this.Right, at, Ink.Quiet, 1, dash);
    }
}
