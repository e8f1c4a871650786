namespace OptBias.Lab.Reports.Figures.Scenes;

/// <summary>Lays out a forest plot: names at the left, intervals around zero in the middle, numbers at the right, a key below.</summary>
internal static class ForestScene
{
    private const double RowHeight = 19;
    private const double HeadingHeight = 27;
    private const double PlotWidth = 330;
    private const double Margin = 12;
    private const double Size = 12;

    /// <summary>The colours of what agrees, contradicts and is open.</summary>
    public static IReadOnlyList<string> Colors { get; } = ["#1a7f37", "#cf222e", "#6e7781"];

    public static Scene Of(ForestFigure figure)
    {
        var rows = figure.Blocks.SelectMany(block => block.Rows).ToArray();
        var left = (2 * Margin) + rows.Select(row => row.Name).Append(figure.RowHeading).Max(name => Ink.Width(name, Size));
        var right = left + PlotWidth;
        var width = right + (2 * Margin) + rows.Select(row => row.Text).Append(figure.ValueHeading).Max(text => Ink.Width(text, Size));
        var top = 30.0;
        var bottom = top + (rows.Length * RowHeight) + (figure.Blocks.Count * HeadingHeight) + 4;
        var scene = new Scene(width, bottom + 78, figure.Title);
        var x = Scale.Of(figure.X, rows.SelectMany(row => (double[])[row.Value.Low, row.Value.Estimate, row.Value.High]), left, right, includeZero: true);
        var back = scene.Group();
        back.Add(new TextMark(Margin, 14, figure.RowHeading, Size, Ink.Quiet));
        back.Add(new TextMark(right + Margin, 14, figure.ValueHeading, Size, Ink.Quiet));
        foreach (var (value, label) in x.Ticks)
        {
            var at = x.Pixel(value);
            back.Line(at, top, at, bottom, value == 0 ? Ink.Axis : Ink.Grid, value == 0 ? 1.6 : 1);
            back.Add(new TextMark(at, bottom + 12, label, Ink.TickSize, Ink.Quiet) { Anchor = Anchor.Middle });
        }

        back.Add(new TextMark((left + right) / 2, bottom + 30, figure.X.Text, Size, Ink.Text) { Anchor = Anchor.Middle });
        var y = top;
        foreach (var block in figure.Blocks)
        {
            back.Add(new TextMark(Margin, y + HeadingHeight - 10, block.Heading, Size + 0.5, Ink.Text) { Bold = true });
            y += HeadingHeight;
            foreach (var row in block.Rows)
            {
                Row(back, row, x, right, y + (RowHeight / 2));
                y += RowHeight;
            }
        }

        Legend(back, bottom + 58);
        return scene;
    }

    private static void Row(SceneGroup group, ForestRow row, Scale x, double right, double y)
    {
        var color = Color(row.Mark);
        group.Add(new TextMark(2 * Margin, y, row.Name, Size, Ink.Text));
        group.Add(new TextMark(right + Margin, y, row.Text, Size, row.Mark == ForestMark.Open ? Ink.Quiet : color));
        if (!row.Value.IsDefined)
            return;
        if (row.Value.HasWidth)
            group.Line(x.Clamped(row.Value.Low), y, x.Clamped(row.Value.High), y, color, row.IsPlanned ? 2.4 : 1.4);
        Point(group, x.Clamped(row.Value.Estimate), y, color, row.IsPlanned, $"{row.Name}: {row.Text}");
    }

    /// <summary>A filled square of what was planned, a hollow circle of what was not.</summary>
    private static void Point(SceneGroup group, double x, double y, string color, bool planned, string tooltip)
    {
        group.Add(new MarkerMark(x, y, planned ? MarkerShape.Square : MarkerShape.Circle, planned ? 10 : 8, color) { Tooltip = tooltip });
        if (!planned)
            group.Add(new MarkerMark(x, y, MarkerShape.Circle, 4.5, Ink.Paper));
    }

    private static void Legend(SceneGroup group, double y)
    {
        var x = Margin;
        foreach (var (mark, planned, text) in new[]
        {
            (ForestMark.Agrees, false, "as the paper expects"), (ForestMark.Contradicts, false, "against what it expects"), (ForestMark.Open, false, "open: the interval holds zero, or the range is narrow"),
            (ForestMark.Open, true, "square: planned before the runs; circle: exploratory"),
        })
        {
            group.Line(x, y, x + 20, y, Color(mark), planned ? 2.4 : 1.4);
            Point(group, x + 10, y, Color(mark), planned, text);
            group.Add(new TextMark(x + 26, y, text, Size - 1, Ink.Text));
            x += 38 + Ink.Width(text, Size - 1);
        }
    }

    /// <summary>Green, red and grey that people with any common colour blindness tell apart by lightness too.</summary>
    private static string Color(ForestMark mark) => mark switch
    {
        ForestMark.Agrees => Colors[0],
        ForestMark.Contradicts => Colors[1],
        _ => Colors[2],
    };
}
