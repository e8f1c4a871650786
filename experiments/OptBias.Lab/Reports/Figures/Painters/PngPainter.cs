using OptBias.Lab.Reports.Figures.Scenes;
using ScottPlot;

namespace OptBias.Lab.Reports.Figures.Painters;

/// <summary>Paints a scene as PNG with ScottPlot: the plot fills the picture, its axes are pixels, and the marks are its plottables.</summary>
internal static class PngPainter
{
    /// <summary>Pixels of the picture for each unit of the scene: sharp in print at twice the size of the page.</summary>
    private const double Magnification = 2;

    /// <summary>The picture as a PNG file's bytes.</summary>
    public static byte[] Paint(Scene scene)
    {
        EmbeddedFont.Register();
        using var plot = new Plot();
        plot.FigureBackground.Color = Color.FromHex(Ink.Paper);
        plot.DataBackground.Color = Color.FromHex(Ink.Paper);
        plot.Layout.Frameless();
        plot.HideGrid();
        plot.HideLegend();
        plot.Axes.SetLimits(0, scene.Width, 0, scene.Height);
        foreach (var mark in scene.Groups.SelectMany(group => group.Marks))
            Add(plot, mark, scene.Height);
        plot.ScaleFactor = Magnification;
        return plot.GetImage((int)(scene.Width * Magnification), (int)(scene.Height * Magnification)).GetImageBytes(ImageFormat.Png);
    }

    private static void Add(Plot plot, Mark mark, double height)
    {
        switch (mark)
        {
            case PathMark { Fill: { } fill } path:
                var polygon = plot.Add.Polygon(Coordinates(path.Points, height));
                polygon.FillColor = Color.FromHex(fill).WithAlpha(path.Opacity);
                polygon.LineWidth = 0;
                break;
            case PathMark path when path.Points.Count > 1:
                var line = plot.Add.ScatterLine(Coordinates(path.Points, height));
                line.Color = Color.FromHex(path.Stroke ?? "#000000").WithAlpha(path.Opacity);
                line.LineWidth = (float)path.StrokeWidth;
                if (path.Dash.Count > 0)
                    line.LinePattern = new LinePattern([.. (path.Dash.Count % 2 == 0 ? path.Dash : [.. path.Dash, .. path.Dash]).Select(d => (float)(d / Math.Max(1, path.StrokeWidth)))], 0, "dashed");
                break;
            case RectMark rect:
                var box = plot.Add.Rectangle(rect.X, rect.X + rect.Width, height - rect.Y - rect.Height, height - rect.Y);
                box.FillColor = Color.FromHex(rect.Fill).WithAlpha(rect.Opacity);
                box.LineWidth = 0;
                break;
            case MarkerMark { Shape: MarkerShape.Circle } marker:
                plot.Add.Marker(marker.X, height - marker.Y, ScottPlot.MarkerShape.FilledCircle, (float)marker.Size, Color.FromHex(marker.Color));
                break;
            case MarkerMark { Shape: MarkerShape.Ring } marker:
                plot.Add.Marker(marker.X, height - marker.Y, ScottPlot.MarkerShape.FilledCircle, (float)marker.Size, Color.FromHex(marker.Color));
                plot.Add.Marker(marker.X, height - marker.Y, ScottPlot.MarkerShape.FilledCircle, (float)(marker.Size - 3.6), Color.FromHex(Ink.Paper));
                break;
            case MarkerMark marker:
                var shape = plot.Add.Polygon(Coordinates(Markers.Corners(marker), height));
                shape.FillColor = Color.FromHex(marker.Color);
                shape.LineWidth = 0;
                break;
            case TextMark { Text.Length: > 0 } label:
                var text = plot.Add.Text(label.Text, label.X, height - label.Y);
                text.LabelStyle.FontName = EmbeddedFont.Name;
                text.LabelFontSize = (float)label.Size;
                text.LabelBold = label.Bold;
                text.LabelFontColor = Color.FromHex(label.Color);
                text.LabelRotation = label.Upwards ? -90 : 0;
                text.LabelAlignment = label.Anchor switch
                {
                    Anchor.Start => Alignment.MiddleLeft,
                    Anchor.Middle => Alignment.MiddleCenter,
                    _ => Alignment.MiddleRight,
                };
                break;
        }
    }

    private static Coordinates[] Coordinates(IReadOnlyList<(double X, double Y)> points, double height) => [.. points.Select(p => new Coordinates(p.X, height - p.Y))];
}
