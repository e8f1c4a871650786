namespace OptBias.Lab.Reports.Figures.Scenes;

/// <summary>Lays out histograms as steps, which stay readable where filled ones would hide each other.</summary>
internal static class HistogramScene
{
    public static Scene Of(HistogramFigure figure, IReadOnlyDictionary<string, SeriesStyle> styles, SceneSize size)
    {
        var frame = Frame.With(size, top: 16 + Key.Height(size, figure.Series.Select(s => s.Optimizer)));
        var scene = new Scene(size.Width, size.Height, figure.Title);
        var x = Scale.Of(figure.X, figure.Edges, frame.Left, frame.Right);
        var y = Scale.Of(figure.Y, figure.Series.SelectMany(s => s.Heights), frame.Bottom, frame.Top, includeZero: true);
        frame.Draw(scene, x, figure.X.Text, y, figure.Y.Text, figure.References);
        ReferenceNames.Draw(scene, frame, y, figure.References, [], [], []);

        var entries = new List<(SceneGroup, string, SeriesStyle)>();
        foreach (var series in figure.Series)
        {
            var style = styles[series.Optimizer];
            var group = scene.Group(series.Optimizer);
            var floor = frame.Bottom;
            var steps = new List<(double X, double Y)> { (x.Clamped(figure.Edges[0]), floor) };
            for (var i = 0; i < series.Heights.Count; i++)
            {
                // An empty bin has no height on a logarithmic axis either.
                var height = double.IsFinite(series.Heights[i]) && series.Heights[i] > 0 ? y.Clamped(series.Heights[i]) : floor;
                steps.Add((x.Clamped(figure.Edges[i]), height));
                steps.Add((x.Clamped(figure.Edges[i + 1]), height));
            }

            steps.Add((steps[^1].X, floor));
            group.Add(new PathMark(steps) { Fill = style.Color, Opacity = 0.08 });
            group.Add(new PathMark(steps) { Stroke = style.Color, StrokeWidth = 1.8, Dash = style.Dash });
            entries.Add((group, series.Optimizer, style));
        }

        Key.Draw(size, entries);
        return scene;
    }
}
