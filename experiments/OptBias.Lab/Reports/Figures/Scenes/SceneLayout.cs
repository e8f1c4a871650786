namespace OptBias.Lab.Reports.Figures.Scenes;

/// <summary>Lays out any figure.</summary>
internal static class SceneLayout
{
    private const double NoteSize = 12;
    private const double TitleSize = 17;
    private const double NoteLine = 17;
    private const double Margin = 14;

    public static Scene Of(Figure figure, IReadOnlyDictionary<string, SeriesStyle> styles, SceneSize? size = null)
    {
        var room = size ?? SceneSize.Wide;
        return figure switch
        {
            LineFigure line => LineScene.Of(line, styles, room),
            BarFigure bar => BarScene.Of(bar, styles, room),
            ScatterFigure scatter => ScatterScene.Of(scatter, styles, room),
            HistogramFigure histogram => HistogramScene.Of(histogram, styles, room),
            HeatMapFigure heatMap => HeatMapScene.Of(heatMap, styles, room),
            ShareMatrixFigure shares => ShareMatrixScene.Of(shares),
            ForestFigure forest => ForestScene.Of(forest),
            _ => throw new ArgumentException($"There is no layout for a figure of type {figure.GetType().Name}."),
        };
    }

    /// <summary>The figure as a file that stands alone: on paper, with its title above and its note below.</summary>
    public static Scene Alone(Figure figure, IReadOnlyDictionary<string, SeriesStyle> styles)
    {
        var inner = Of(figure, styles);
        var title = Ink.Wrapped(figure.Title, TitleSize, inner.Width - (2 * Margin));
        var note = Ink.Wrapped($"{figure.Caption} {inner.Note}", NoteSize, inner.Width - (2 * Margin));
        var top = (title.Count * 24) + 18;
        var scene = new Scene(inner.Width, top + inner.Height + (note.Count * NoteLine) + 22, figure.Title);
        var frame = scene.Group();
        frame.Add(new RectMark(0, 0, scene.Width, scene.Height, Ink.Paper));
        for (var i = 0; i < title.Count; i++)
            frame.Add(new TextMark(Margin, 24 + (24 * i), title[i], TitleSize, Ink.Text) { Bold = true });
        for (var i = 0; i < note.Count; i++)
            frame.Add(new TextMark(Margin, top + inner.Height + 8 + (NoteLine * i), note[i], NoteSize, Ink.Quiet));
        scene.Groups.AddRange(inner.Groups.Select(group => group.Below(top)));
        return scene;
    }
}
