using System.Globalization;

namespace OptBias.Lab.Reports.Figures.Scenes;

/// <summary>Lays out matrices as coloured cells, mostly three panels in a row, with one scale for all.</summary>
internal static class HeatMapScene
{
    private const int MostColumns = 3;
    private const double SmallestCell = 13;

    public static Scene Of(HeatMapFigure figure, IReadOnlyDictionary<string, SeriesStyle> styles, SceneSize size)
    {
        var values = figure.Panels.SelectMany(p => p.Values.Cast<double>()).Where(double.IsFinite).ToArray();
        var low = figure.Value.Minimum ?? values.DefaultIfEmpty(0).Min();
        var high = figure.Value.Maximum ?? values.DefaultIfEmpty(1).Max();
        // Four stand side by side rather than one alone below three.
        var most = size.HasKey ? 1 : figure.Panels.Count == 4 ? 4 : MostColumns;
        var columns = Math.Min(most, figure.Panels.Count);
        var rows = (figure.Panels.Count + columns - 1) / columns;

        var margin = 32 + figure.Rows.Max(r => Ink.Width(r, 11));
        var panelWidth = (size.Width - 20.0) / columns;
        // Cells too small to be seen are no picture: the figure then is wider than its room, and scrolls.
        var cell = Math.Max(SmallestCell, Math.Min(Math.Min(40, (panelWidth - margin - 8) / figure.Columns.Count), columns == 1 ? 320.0 / figure.Rows.Count : 40));
        var width = Math.Max(size.Width, (columns * (margin + 8 + (cell * figure.Columns.Count))) + 20);
        panelWidth = (width - 20) / columns;
        var tilted = figure.Columns.Max(c => Ink.Width(c, 11)) > cell;
        var below = tilted ? 10 + figure.Columns.Max(c => Ink.Width(c, 11)) : 18;
        var panelHeight = 26 + (cell * figure.Rows.Count) + below + (figure.ColumnLabel.Length > 0 ? 18 : 4);
        var scene = new Scene(width, (rows * panelHeight) + 56, figure.Title);
        for (var i = 0; i < figure.Panels.Count; i++)
        {
            // Panels of the last row keep their column, so that a panel switched off leaves the others in place.
            var left = 10 + (i % columns * panelWidth) + margin;
            var top = (i / columns * panelHeight) + 26;
            var panel = figure.Panels[i];
            Draw(scene.Group(panel.Optimizer), figure, panel, left, top, cell, tilted, below, v => Palette.Sequential((v - low) / Math.Max(high - low, 1e-300)), styles);
        }

        DrawScale(scene.Group(), size, figure.Value.Text, low, high, scene.Height - 40);
        return scene;
    }

    private static void Draw(SceneGroup group, HeatMapFigure figure, HeatMapPanel panel, double left, double top, double cell, bool tilted, double below, Func<double, string> color, IReadOnlyDictionary<string, SeriesStyle> styles)
    {
        var title = panel.Title.Length > 0 ? panel.Title : panel.Optimizer;
        var ink = panel.Optimizer.Length > 0 ? styles[panel.Optimizer].Ink : Ink.Text;
        group.Add(new TextMark(left, top - 12, title, Ink.TextSize, ink) { Bold = true });
        for (var r = 0; r < figure.Rows.Count; r++)
        {
            group.Add(new TextMark(left - 5, top + ((r + 0.5) * cell), figure.Rows[r], 11, Ink.Quiet) { Anchor = Anchor.End });
            for (var c = 0; c < figure.Columns.Count; c++)
            {
                var value = panel.Values[r, c];
                if (!double.IsFinite(value))
                    continue;
                var fill = color(value);
                group.Add(new RectMark(left + (c * cell), top + (r * cell), cell - 1, cell - 1, fill)
                {
                    Tooltip = $"{title}: {figure.Rows[r]}, {figure.Columns[c]}: {Scale.Number(value)}",
                });
                if (cell >= 30)
                    group.Add(new TextMark(left + ((c + 0.5) * cell), top + ((r + 0.5) * cell), value.ToString("0.00", CultureInfo.InvariantCulture), 11, Palette.TextOn(fill)) { Anchor = Anchor.Middle });
            }
        }

        var bottom = top + (figure.Rows.Count * cell);
        for (var c = 0; c < figure.Columns.Count; c++)
        {
            group.Add(new TextMark(left + ((c + 0.5) * cell), bottom + (tilted ? 4 : 10), figure.Columns[c], 11, Ink.Quiet)
            {
                Anchor = tilted ? Anchor.End : Anchor.Middle,
                Upwards = tilted,
            });
        }

        if (figure.ColumnLabel.Length > 0)
            group.Add(new TextMark(left + (figure.Columns.Count * cell / 2), bottom + below + 6, figure.ColumnLabel, 11, Ink.Quiet) { Anchor = Anchor.Middle });
        if (figure.RowLabel.Length > 0)
            group.Add(new TextMark(left - figure.Rows.Max(r => Ink.Width(r, 11)) - 17, top + (figure.Rows.Count * cell / 2), figure.RowLabel, 11, Ink.Quiet) { Anchor = Anchor.Middle, Upwards = true });
    }

    private static void DrawScale(SceneGroup group, SceneSize size, string text, double low, double high, double top)
    {
        const int Steps = 64;
        var left = size.HasKey ? 10 : 74.0;
        var length = size.HasKey ? 130 : 220.0;
        for (var i = 0; i < Steps; i++)
            group.Add(new RectMark(left + (i * length / Steps), top, (length / Steps) + 0.5, 10, Palette.Sequential((i + 0.5) / Steps)));
        group.Add(new TextMark(left, top + 22, Scale.Number(low), Ink.TickSize, Ink.Quiet));
        group.Add(new TextMark(left + length, top + 22, Scale.Number(high), Ink.TickSize, Ink.Quiet) { Anchor = Anchor.End });
        group.Add(new TextMark(left + length + 14, top + 5, text, Ink.TextSize, Ink.Text));
    }
}
