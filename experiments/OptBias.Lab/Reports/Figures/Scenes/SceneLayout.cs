namespace OptBias.Lab.Reports.Figures.Scenes;

/// <summary>Lays out any figure.</summary>
internal static class SceneLayout
{
    public static Scene Of(Figure figure, IReadOnlyDictionary<string, SeriesStyle> styles) => figure switch
    {
        LineFigure line => LineScene.Of(line, styles),
        BarFigure bar => BarScene.Of(bar, styles),
        ScatterFigure scatter => ScatterScene.Of(scatter, styles),
        HistogramFigure histogram => HistogramScene.Of(histogram, styles),
        HeatMapFigure heatMap => HeatMapScene.Of(heatMap, styles),
        ShareMatrixFigure shares => ShareMatrixScene.Of(shares),
        ForestFigure forest => ForestScene.Of(forest),
        _ => throw new ArgumentException($"There is no layout for a figure of type {figure.GetType().Name}."),
    };
}
