namespace OptBias.Lab.Reports.Figures.Scenes;

/// <summary>The outlines of markers, the same for all painters.</summary>
internal static class Markers
{
    private const double Arm = 0.34;

    /// <summary>The corners of a marker; none for circles and rings.</summary>
    public static IReadOnlyList<(double X, double Y)> Corners(MarkerMark m)
    {
        var r = m.Size / 2;
        (double X, double Y)[] unit = m.Shape switch
        {
            MarkerShape.Square => [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
            MarkerShape.Triangle => [(0, -1.2), (1.1, 0.8), (-1.1, 0.8)],
            MarkerShape.TriangleDown => [(0, 1.2), (1.1, -0.8), (-1.1, -0.8)],
            MarkerShape.Diamond => [(0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)],
            MarkerShape.Plus => Cross,
            MarkerShape.Cross => [.. Cross.Select(p => ((p.X - p.Y) * Math.Sqrt(0.5), (p.X + p.Y) * Math.Sqrt(0.5)))],
            _ => [],
        };
        return [.. unit.Select(p => (m.X + (r * p.X), m.Y + (r * p.Y)))];
    }

    private static (double X, double Y)[] Cross { get; } =
    [
        (-Arm, -1.25), (Arm, -1.25), (Arm, -Arm), (1.25, -Arm), (1.25, Arm), (Arm, Arm),
        (Arm, 1.25), (-Arm, 1.25), (-Arm, Arm), (-1.25, Arm), (-1.25, -Arm), (-Arm, -Arm),
    ];
}
