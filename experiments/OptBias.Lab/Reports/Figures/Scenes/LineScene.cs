using OptBias.Lab.Statistics;

namespace OptBias.Lab.Reports.Figures.Scenes;

/// <summary>Lays out curves with bands.</summary>
internal static class LineScene
{
    private const int MostMarkers = 30;

    public static Scene Of(LineFigure figure, IReadOnlyDictionary<string, SeriesStyle> styles, SceneSize size)
    {
        var labels = figure.Series.Select(Label).ToArray();
        var view = View.Of(figure.Y, figure.Series.SelectMany(s => s.Y), figure.References.Where(r => r is { IsVertical: false, IsInView: true }).Select(r => r.Value));
        var full = Frame.With(size, top: size.HasKey ? 16 + Key.Height(size, labels) : 16);
        var y = Scale.Of(figure.Y, view.Values, full.Bottom, full.Top);
        var place = size.HasKey ? LabelPlace.Above : Place(figure, y, full);
        var room = place is LabelPlace.Start or LabelPlace.End ? EndLabels.Room(labels) : 20;
        var frame = full with { Right = size.Width - (place == LabelPlace.End ? room : 20) };
        var x = Scale.Of(figure.X, figure.Series.SelectMany(s => s.X), frame.Left + (place == LabelPlace.Start ? room : 0), frame.Right);
        var scene = new Scene(size.Width, size.Height, figure.Title) { Note = view.IsCut ? View.Note : "" };
        frame.Draw(scene, x, figure.X.Text, y, figure.Y.Text, figure.References);
        var references = figure.ReferenceCurves.Select(curve => (curve.Label, frame.DrawReference(scene, x, y, curve))).ToArray();

        var variants = figure.Series.GroupBy(s => s.Optimizer).ToDictionary(g => g.Key, g => g.Select(s => s.Variant).Distinct().ToList());
        var curves = new List<LabelledPoints>();
        for (var i = 0; i < figure.Series.Count; i++)
        {
            var series = figure.Series[i];
            var style = styles[series.Optimizer];
            var group = scene.Group(series.Optimizer);
            // Variants of one optimizer are told apart by dashes; else the dash is the optimizer's own.
            var dash = variants[series.Optimizer] is { Count: > 1 } several ? Ink.Dashes[several.IndexOf(series.Variant) % Ink.Dashes.Length] : style.Dash;
            var runs = Runs(series, x);
            foreach (var run in runs)
                Draw(group, figure, run, y, style, dash, labels[i]);
            curves.Add(new(group, [.. runs.SelectMany(run => run).Select(p => (p.X, y.Clamped(p.Y.Estimate)))], labels[i], style.Ink));
        }

        IReadOnlyList<LabelBox> named = [];
        if (place == LabelPlace.Above)
            Key.Draw(size, [.. curves.Select((c, i) => (c.Group, c.Label, styles[figure.Series[i].Optimizer]))]);
        else if (place == LabelPlace.Beside)
            named = PointLabels.Draw(frame, curves);
        else
            EndLabels.Draw(frame, [.. curves.Where(c => c.Points.Count > 0)], atStart: place == LabelPlace.Start);
        ReferenceNames.Draw(scene, frame, y, figure.References, references, [.. curves.Select(c => c.Points)], named);
        return scene;
    }

    private static void Draw(SceneGroup group, LineFigure figure, List<(double X, Interval Y, double Value)> run, Scale y, SeriesStyle style, IReadOnlyList<double> dash, string label)
    {
        // A curve without spread has no band to show.
        if (run.Any(p => p.Y.HasWidth))
            group.Add(new PathMark([.. run.Select(p => (p.X, y.Clamped(p.Y.HasEnds ? p.Y.High : p.Y.Estimate))), .. run.AsEnumerable().Reverse().Select(p => (p.X, y.Clamped(p.Y.HasEnds ? p.Y.Low : p.Y.Estimate)))]) { Fill = style.Color, Opacity = 0.14 });
        group.Add(new PathMark([.. run.Select(p => (p.X, y.Clamped(p.Y.Estimate)))]) { Stroke = style.Color, StrokeWidth = 2, Dash = dash });
        if (run is [var (x, alone, _)] && alone.HasWidth)
            Whisker.Vertical(group, x, y.Clamped(alone.Low), y.Clamped(alone.High), style.Color);
        if (run.Count > MostMarkers)
            return;
        foreach (var (px, at, value) in run)
            group.Add(new MarkerMark(px, y.Clamped(at.Estimate), style.Marker, 6, style.Color) { Tooltip = $"{label}: {figure.X.Label} {Scale.Number(value)}, {figure.Y.Label} {at.ToString("0.####")}" });
    }

    /// <summary>
    /// Curves are named at the end at which they are furthest apart: most at their last point, pruning curves at their first.
    /// Where neither is a common one, as over learning rates, each is named beside it.
    /// </summary>
    private static LabelPlace Place(LineFigure figure, Scale y, Frame frame)
    {
        var defined = figure.Series.Select(s => s.X.Zip(s.Y).Where(p => p.Second.IsDefined).ToArray()).Where(points => points.Length > 0).ToArray();
        if (defined.Length == 0)
            return LabelPlace.End;
        double Position(double value) => figure.X.Logarithmic ? Math.Log10(Math.Max(value, double.Epsilon)) : value;
        var positions = defined.SelectMany(points => points.Select(p => Position(p.First))).ToArray();
        bool Common(Func<(double First, Interval Second)[], double> end)
        {
            var ends = defined.Select(points => Position(end(points))).ToArray();
            return ends.Max() - ends.Min() <= 0.06 * (positions.Max() - positions.Min());
        }

        double Displacement(Func<(double First, Interval Second)[], Interval> end) =>
            EndLabels.Displacement(frame, defined.Select(points => y.Clamped(end(points).Estimate)));
        return (Common(points => points[0].First), Common(points => points[^1].First)) switch
        {
            (false, false) => LabelPlace.Beside,
            (false, true) => LabelPlace.End,
            (true, false) => LabelPlace.Start,
            _ => Displacement(points => points[0].Second) + 8 < Displacement(points => points[^1].Second) ? LabelPlace.Start : LabelPlace.End,
        };
    }

    private static string Label(LineSeries series) => series.Variant.Length == 0 ? series.Optimizer : $"{series.Optimizer}, {series.Variant}";

    /// <summary>The stretches of defined points; an undefined one breaks the line instead of being bridged.</summary>
    private static List<List<(double X, Interval Y, double Value)>> Runs(LineSeries series, Scale x)
    {
        var runs = new List<List<(double, Interval, double)>>();
        var open = false;
        for (var i = 0; i < series.X.Count; i++)
        {
            var at = x.Clamped(series.X[i]);
            if (!series.Y[i].IsDefined || double.IsNaN(at))
            {
                open = false;
                continue;
            }

            if (!open)
                runs.Add([]);
            open = true;
            runs[^1].Add((at, series.Y[i], series.X[i]));
        }

        return runs;
    }

    private enum LabelPlace
    {
        Start,
        End,
        Beside,
        Above,
    }
}
