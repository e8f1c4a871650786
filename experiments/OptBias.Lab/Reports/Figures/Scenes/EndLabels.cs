namespace OptBias.Lab.Reports.Figures.Scenes;

/// <summary>Direct labels at the ends of curves, moved apart where ends meet, with a thin line back to their curve.</summary>
internal static class EndLabels
{
    private const double Spacing = 16;

    /// <summary>Room that the labels need beside the curves.</summary>
    public static double Room(IEnumerable<string> labels) => 34 + labels.Select(label => Ink.Width(label, Ink.TextSize)).DefaultIfEmpty(0).Max();

    /// <summary>How far labels at these ends would have to move at most: large where curves meet.</summary>
    public static double Displacement(Frame frame, IEnumerable<double> ends)
    {
        double[] wanted = [.. ends.Order()];
        return wanted.Zip(Spread(wanted, frame.Top, frame.Bottom)).Select(pair => Math.Abs(pair.First - pair.Second)).DefaultIfEmpty(0).Max();
    }

    /// <summary>Adds each label to its group, to the right of the frame or, where curves part at their start, to the left of their first points.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="curves">The curves, each with at least one point.</param>
    /// <param name="atStart">Whether the labels stand at the start of the curves, inside the frame.</param>
    public static void Draw(Frame frame, IReadOnlyList<LabelledPoints> curves, bool atStart)
    {
        var ends = curves.Select(c => atStart ? c.Points[0] : c.Points[^1]).ToArray();
        var order = Enumerable.Range(0, curves.Count).OrderBy(i => ends[i].Y).ToArray();
        var y = Spread([.. order.Select(i => ends[i].Y)], frame.Top, Math.Max(frame.Bottom, frame.Top + (Spacing * curves.Count)));
        var text = atStart ? ends.Select(e => e.X).DefaultIfEmpty(frame.Left).Min() - 24 : frame.Right + 24;
        var towards = atStart ? 1 : -1;
        for (var k = 0; k < order.Length; k++)
        {
            var curve = curves[order[k]];
            var (x, end) = ends[order[k]];
            curve.Group.Add(new PathMark([(x - (4 * towards), end), (text + (12 * towards), y[k]), (text + (4 * towards), y[k])]) { Stroke = curve.Color, StrokeWidth = 0.8 });
            curve.Group.Add(new TextMark(text, y[k], curve.Label, Ink.TextSize, curve.Color) { Anchor = atStart ? Anchor.End : Anchor.Start });
        }
    }

    /// <summary>Moves ascending positions as little as needed so that neighbours are a line apart: pooled averages, as in isotonic regression.</summary>
    internal static double[] Spread(double[] wanted, double low, double high)
    {
        // With i spacings taken off, "a line apart" becomes "not descending", and pooling neighbours that violate it is the least-squares answer.
        var pools = new List<(double Sum, int Count)>();
        for (var i = 0; i < wanted.Length; i++)
        {
            pools.Add((wanted[i] - (i * Spacing), 1));
            while (pools.Count > 1 && pools[^2].Sum / pools[^2].Count > pools[^1].Sum / pools[^1].Count)
            {
                var (sum, count) = pools[^1];
                pools.RemoveAt(pools.Count - 1);
                pools[^1] = (pools[^1].Sum + sum, pools[^1].Count + count);
            }
        }

        var top = low;
        var bottom = Math.Max(low, high - ((wanted.Length - 1) * Spacing));
        return [.. pools.SelectMany(pool => Enumerable.Repeat(Math.Clamp(pool.Sum / pool.Count, top, bottom), pool.Count)).Select((v, i) => v + (i * Spacing))];
    }
}
