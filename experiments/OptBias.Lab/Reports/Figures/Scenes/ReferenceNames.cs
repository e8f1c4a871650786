namespace OptBias.Lab.Reports.Figures.Scenes;

/// <summary>Names the dotted lines and curves of a figure, each where the fewest curves and other names are in its way.</summary>
internal static class ReferenceNames
{
    private const int Places = 9;
    private const double Gap = 3;

    /// <summary>Adds the names, above or below their line.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="frame">The frame; names stay inside.</param>
    /// <param name="y">Its vertical scale.</param>
    /// <param name="lines">The lines; upright ones are named by the frame.</param>
    /// <param name="curves">The curves with their points.</param>
    /// <param name="obstacles">What the series draw: points that are joined.</param>
    /// <param name="taken">Where labels stand already.</param>
    public static void Draw(
        Scene scene,
        Frame frame,
        Scale y,
        IReadOnlyList<ReferenceLine> lines,
        IReadOnlyList<(string Label, IReadOnlyList<(double X, double Y)> Points)> curves,
        IReadOnlyList<IReadOnlyList<(double X, double Y)>> obstacles,
        IEnumerable<LabelBox> taken)
    {
        var level = lines.Where(line => !line.IsVertical).Select(line => (line.Label, Points: (IReadOnlyList<(double X, double Y)>)[(frame.Left, y.Clamped(line.Value)), (frame.Right, y.Clamped(line.Value))])).OrderBy(line => line.Points[0].Y);
        (string Label, IReadOnlyList<(double X, double Y)> Points)[] named = [.. level, .. curves.Where(curve => curve.Points.Count > 1)];
        if (named.Length == 0)
            return;
        var group = scene.Group();
        var placed = taken.ToList();
        (double X, double Y)[][] dense = [.. named.Select(one => LabelBox.Dense(one.Points).ToArray())];
        (double X, double Y)[] drawn = [.. obstacles.SelectMany(LabelBox.Dense)];
        for (var k = 0; k < named.Length; k++)
        {
            var width = Ink.Width(named[k].Label, Ink.TickSize);
            (double X, double Y)[] inTheWay = [.. drawn, .. dense.Where((_, i) => i != k).SelectMany(points => points)];
            var own = dense[k];
            var best = Candidates(own, frame, width).MinBy(box =>
                (box.IsInside(frame) ? 0 : 1000) + (200 * placed.Count(box.Overlaps)) + (20 * inTheWay.Count(box.Contains)) + (20 * own.Count(box.Covers)))!;
            placed.Add(best);
            group.Add(new TextMark(best.Left, best.Top + (LabelBox.Height / 2), named[k].Label, Ink.TickSize, Ink.Quiet));
        }
    }

    /// <summary>Along the line from left to right, above before below: of places that are as good the first is taken.</summary>
    private static IEnumerable<LabelBox> Candidates((double X, double Y)[] points, Frame frame, double width)
    {
        foreach (var below in (bool[])[false, true])
        {
            for (var i = 0; i < Places; i++)
            {
                var left = frame.Left + 6 + (i * (frame.Right - frame.Left - width - 12) / (Places - 1));
                // A falling curve passes through a name at its middle: it stands clear of all that is above or below it.
                var beside = points.Where(p => p.X >= left - Gap && p.X <= left + width + Gap).Select(p => p.Y).ToArray();
                if (beside.Length > 0)
                    yield return new(left, below ? beside.Max() + Gap : beside.Min() - Gap - LabelBox.Height, width);
            }
        }
    }
}
