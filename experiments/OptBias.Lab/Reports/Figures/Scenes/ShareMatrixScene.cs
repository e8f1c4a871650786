using System.Globalization;

namespace OptBias.Lab.Reports.Figures.Scenes;

/// <summary>Lays out shares as coloured cells: headings above, names at the left, a key below.</summary>
internal static class ShareMatrixScene
{
    private const double CellWidth = 36;
    private const double CellHeight = 19;
    private const double Gap = 12;
    private const double RowHeading = 24;
    private const double Ramp = 160;
    private const double KeyText = Ramp + 66;
    private const string Reached = "theory predicts it, and it reaches the bar of the column";
    private const string Missed = "predicted, and below the bar. Bold: best of its column";

    public static Scene Of(ShareMatrixFigure figure)
    {
        // The page takes the system's font, which may be wider than the one that files are painted with.
        var left = 16 + (1.15 * figure.Rows.SelectMany(r => r.Names).Max(name => Ink.Width(name, 12)));
        var names = figure.Columns.SelectMany(c => c.Names).Max(name => Ink.Width(name, 12));
        var top = 34 + names;
        var width = left + figure.Columns.Sum(c => (c.Names.Count * CellWidth) + Gap) + 6;
        var height = top + figure.Rows.Sum(r => (r.Names.Count * CellHeight) + (r.Heading.Length > 0 ? RowHeading : 8)) + 62;
        var scene = new Scene(Math.Max(width, left + KeyText + Ink.Width(Missed, 11) + 8), height, figure.Title);
        var back = scene.Group();
        var rowsAt = Rows(back, figure, top);
        var columnsAt = Columns(back, figure, left, top);
        var best = Best(figure);
        for (var r = 0; r < rowsAt.Count; r++)
        {
            for (var c = 0; c < columnsAt.Count; c++)
                Cell(back, figure, r, c, columnsAt[c].X, rowsAt[r].Y, $"{rowsAt[r].Name}, {columnsAt[c].Name}", best[c]);
        }

        Legend(back, left, height - 40);
        return scene;
    }

    private static List<(string Name, double Y)> Rows(SceneGroup group, ShareMatrixFigure figure, double top)
    {
        var rows = new List<(string, double)>();
        var y = top;
        foreach (var block in figure.Rows)
        {
            if (block.Heading.Length > 0)
                group.Add(new TextMark(8, y + 13, block.Heading, 12, Ink.Text) { Bold = true });
            y += block.Heading.Length > 0 ? RowHeading : 8;
            foreach (var name in block.Names)
            {
                group.Add(new TextMark(8, y + (CellHeight / 2), name, 12, Ink.Text));
                rows.Add((name, y));
                y += CellHeight;
            }
        }

        return rows;
    }

    private static List<(string Name, double X)> Columns(SceneGroup group, ShareMatrixFigure figure, double left, double top)
    {
        var columns = new List<(string, double)>();
        var x = left;
        foreach (var block in figure.Columns)
        {
            group.Add(new TextMark(x, 12, block.Heading, 12, Ink.Text) { Bold = true });
            group.Line(x, 22, x + (block.Names.Count * CellWidth) - 1, 22, Ink.Axis);
            foreach (var name in block.Names)
            {
                group.Add(new TextMark(x + (CellWidth / 2), top - 4, name, 12, Ink.Quiet) { Upwards = true, Anchor = Anchor.Start });
                columns.Add(($"{block.Heading} {name}", x));
                x += CellWidth;
            }

            x += Gap;
        }

        return columns;
    }

    private static void Cell(SceneGroup group, ShareMatrixFigure figure, int r, int c, double x, double y, string what, double best)
    {
        var share = figure.Shares[r, c];
        if (!double.IsFinite(share))
        {
            group.Add(new RectMark(x, y, CellWidth - 1, CellHeight - 1, Ink.Empty) { Tooltip = $"{what}: no value" });
            return;
        }

        var fill = Palette.Sequential(share);
        group.Add(new RectMark(x, y, CellWidth - 1, CellHeight - 1, fill) { Tooltip = $"{what}: {Scale.Number(share)}" });
        group.Add(new TextMark(x + ((CellWidth - 1) / 2), y + ((CellHeight - 1) / 2), Text(share), 11, Palette.TextOn(fill)) { Anchor = Anchor.Middle, Bold = share >= best - 5e-4 });
        if (figure.Marks[r, c] != ShareMark.None)
            Frame(group, x, y, figure.Marks[r, c] == ShareMark.Agrees);
    }

    private static void Frame(SceneGroup group, double x, double y, bool solid)
    {
        var (right, bottom) = (x + CellWidth - 2, y + CellHeight - 2);
        group.Add(new PathMark([(x + 1, y + 1), (right, y + 1), (right, bottom), (x + 1, bottom), (x + 1, y + 1)])
        {
            Stroke = "#d0103a",
            StrokeWidth = 2,
            Dash = solid ? [] : [3, 2.5],
        });
    }

    /// <summary>.97 and 1.0: two digits are enough, and a share that is not the optimum is not rounded to it.</summary>
    private static string Text(double share) => share >= 0.9995 ? "1.0" : share < 0 ? "< 0"
        : Math.Min(share, 0.99).ToString("0.00", CultureInfo.InvariantCulture).Replace("0.", ".", StringComparison.Ordinal);

    private static double[] Best(ShareMatrixFigure figure) =>
        [.. Enumerable.Range(0, figure.Shares.GetLength(1)).Select(c => Enumerable.Range(0, figure.Shares.GetLength(0)).Select(r => figure.Shares[r, c]).Where(double.IsFinite).DefaultIfEmpty(double.PositiveInfinity).Max())];

    private static void Legend(SceneGroup group, double left, double y)
    {
        const int Steps = 48;
        for (var i = 0; i < Steps; i++)
            group.Add(new RectMark(left + (i * Ramp / Steps), y, (Ramp / Steps) + 0.5, 10, Palette.Sequential((i + 0.5) / Steps)));
        group.Add(new TextMark(left, y + 21, "0", 11, Ink.Quiet));
        group.Add(new TextMark(left + Ramp, y + 21, "1: the optimum", 11, Ink.Quiet) { Anchor = Anchor.End });
        Frame(group, left + Ramp + 24, y - 4, solid: true);
        group.Add(new TextMark(left + KeyText, y + 5, Reached, 11, Ink.Text));
        Frame(group, left + Ramp + 24, y + 18, solid: false);
        group.Add(new TextMark(left + KeyText, y + 27, Missed, 11, Ink.Text));
    }
}
