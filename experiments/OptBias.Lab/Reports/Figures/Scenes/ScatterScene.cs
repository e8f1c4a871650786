namespace OptBias.Lab.Reports.Figures.Scenes;

/// <summary>Lays out points with intervals, their paths, and a front.</summary>
internal static class ScatterScene
{
    public static Scene Of(ScatterFigure figure, IReadOnlyDictionary<string, SeriesStyle> styles)
    {
        var frame = Frame.With();
        var scene = new Scene(Frame.Width, Frame.Height, figure.Title);
        var points = figure.Series.SelectMany(s => s.Points).Where(p => p.X.IsDefined && p.Y.IsDefined).ToArray();
        var x = Scale.Of(figure.X, points.SelectMany(p => (double[])[p.X.Low, p.X.Estimate, p.X.High]), frame.Left, frame.Right);
        var y = Scale.Of(figure.Y, points.SelectMany(p => (double[])[p.Y.Low, p.Y.Estimate, p.Y.High]).Concat(figure.References.Where(r => r is { IsVertical: false, IsInView: true }).Select(r => r.Value)), frame.Bottom, frame.Top);
        frame.Draw(scene, x, figure.X.Text, y, figure.Y.Text, figure.References);
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
                group.Add(new PathMark(pixels) { Stroke = style.Color, StrokeWidth = 1.6 });
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

        PointLabels.Draw(frame, labelled);
        return scene;
    }
}
