namespace OptBias.Lab.Reports.Figures.Scenes;

/// <summary>Lays out points with intervals, their paths, and a front.</summary>
internal static class ScatterScene
{
    public static Scene Of(ScatterFigure figure, IReadOnlyDictionary<string, SeriesStyle> styles, SceneSize size)
    {
        var names = figure.Series.Select(s => s.Optimizer).ToArray();
        var frame = Frame.With(size, top: size.HasKey ? 16 + Key.Height(size, names) : 16);
        var scene = new Scene(size.Width, size.Height, figure.Title);
        var points = figure.Series.SelectMany(s => s.Points).Where(p => p.X.IsDefined && p.Y.IsDefined).ToArray();
        var inX = View.Of(figure.X, points.Select(p => p.X), []);
        var inY = View.Of(figure.Y, points.Select(p => p.Y), figure.References.Where(r => r is { IsVertical: false, IsInView: true }).Select(r => r.Value));
        var x = Scale.Of(figure.X, inX.Values, frame.Left, frame.Right);
        var y = Scale.Of(figure.Y, inY.Values, frame.Bottom, frame.Top);
        scene.Note = inX.IsCut || inY.IsCut ? View.Note : "";
        frame.Draw(scene, x, figure.X.Text, y, figure.Y.Text, figure.References);
        var references = figure.ReferenceCurves.Select(curve => (curve.Label, frame.DrawReference(scene, x, y, curve))).ToArray();
        if (figure.Front.Count > 1)
            scene.Group().Add(new PathMark([.. figure.Front.Select(p => (x.Clamped(p.X), y.Clamped(p.Y)))]) { Stroke = Ink.Quiet, StrokeWidth = 1.2, Dash = [8, 4] });

        var labelled = new List<LabelledPoints>();
        foreach (var series in figure.Series)
        {
            var style = styles[series.Optimizer];
            var group = scene.Group(series.Optimizer);
            var shown = series.Points.Where(p => p.X.IsDefined && p.Y.IsDefined && !double.IsNaN(x.Clamped(p.X.Estimate)) && !double.IsNaN(y.Clamped(p.Y.Estimate))).ToArray();
            (double X, double Y)[] pixels = [.. shown.Select(p => (x.Clamped(p.X.Estimate), y.Clamped(p.Y.Estimate)))];
            if (series.Joined)
                group.Add(new PathMark(pixels) { Stroke = style.Color, StrokeWidth = 1.6, Dash = style.Dash });
            foreach (var (p, (px, py)) in shown.Zip(pixels))
            {
                if (p.X.HasWidth)
                    Whisker.Horizontal(group, py, x.Clamped(p.X.Low), x.Clamped(p.X.High), style.Color);
                if (p.Y.HasWidth)
                    Whisker.Vertical(group, px, y.Clamped(p.Y.Low), y.Clamped(p.Y.High), style.Color);
                group.Add(new MarkerMark(px, py, style.Marker, 9, style.Color)
                {
                    Tooltip = $"{series.Optimizer}{(p.Note.Length == 0 ? "" : ", " + p.Note)}: {figure.X.Label} {p.X.ToString("0.####")}, {figure.Y.Label} {p.Y.ToString("0.####")}",
                });
            }

            labelled.Add(new(group, pixels, series.Optimizer, style.Ink)
            {
                InTheWay =
                [
                    .. shown.Where(p => p.X.HasWidth).Select(p => new[] { (x.Clamped(p.X.Low), y.Clamped(p.Y.Estimate)), (x.Clamped(p.X.High), y.Clamped(p.Y.Estimate)) }),
                    .. shown.Where(p => p.Y.HasWidth).Select(p => new[] { (x.Clamped(p.X.Estimate), y.Clamped(p.Y.Low)), (x.Clamped(p.X.Estimate), y.Clamped(p.Y.High)) }),
                ],
            });
        }

        IReadOnlyList<LabelBox> named = [];
        if (size.HasKey)
            Key.Draw(size, [.. labelled.Zip(names, (l, name) => (l.Group, name, styles[name]))]);
        else
            named = PointLabels.Draw(frame, labelled);
        ReferenceNames.Draw(scene, frame, y, figure.References, references, [.. labelled.SelectMany(l => l.InTheWay.Prepend(l.Points))], named);
        return scene;
    }
}
