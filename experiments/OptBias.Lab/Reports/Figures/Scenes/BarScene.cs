namespace OptBias.Lab.Reports.Figures.Scenes;

/// <summary>Lays out bars with intervals.</summary>
internal static class BarScene
{
    public static Scene Of(BarFigure figure, IReadOnlyDictionary<string, SeriesStyle> styles, SceneSize size)
    {
        // With one group the optimizers themselves stand below the bars, which needs no key.
        var single = figure.Groups.Count == 1;
        var names = figure.Series.Select(s => s.Optimizer).ToArray();
        var lines = Wrap(size, single ? names : figure.Groups, single ? names.Length : figure.Groups.Count);
        var depth = lines.Max(l => l.Length);
        var frame = Frame.With(size, top: single ? 16 : 16 + Key.Height(size, names), bottom: 24 + (depth * 15) + (single && figure.Groups[0].Length > 0 ? 20 : 0));
        var scene = new Scene(size.Width, size.Height, figure.Title);
        var y = Scale.Of(figure.Y, figure.Series.SelectMany(s => s.Values.SelectMany(v => (double[])[v.Low, v.Estimate, v.High])), frame.Bottom, frame.Top, includeZero: true);
        frame.Draw(scene, null, "", y, figure.Y.Text, figure.References);

        var slots = single ? names.Length : figure.Groups.Count;
        var slot = (frame.Right - frame.Left) / slots;
        var bar = Math.Min(64, 0.8 * slot / (single ? 1 : figure.Series.Count));
        var zero = y.Clamped(figure.Y.Logarithmic ? double.Epsilon : 0);
        var entries = new List<(SceneGroup, string, SeriesStyle)>();
        for (var s = 0; s < figure.Series.Count; s++)
        {
            var series = figure.Series[s];
            var style = styles[series.Optimizer];
            var group = scene.Group(series.Optimizer);
            entries.Add((group, series.Optimizer, style));
            for (var g = 0; g < figure.Groups.Count; g++)
            {
                var value = series.Values[g];
                if (!value.IsDefined)
                    continue;
                var centre = single ? frame.Left + ((s + 0.5) * slot) : frame.Left + ((g + 0.5) * slot) + ((s - ((figure.Series.Count - 1) / 2.0)) * bar);
                var top = y.Clamped(value.Estimate);
                group.Add(new RectMark(centre - (0.42 * bar), Math.Min(top, zero), 0.84 * bar, Math.Abs(top - zero), style.Color)
                {
                    Opacity = 0.8,
                    Tooltip = $"{series.Optimizer}{(figure.Groups[g].Length == 0 ? "" : ", " + figure.Groups[g])}: {value.ToString("0.####")}",
                });
                // The marker tells the bars apart in a grey print.
                group.Add(new MarkerMark(centre, top, style.Marker, Math.Min(9, 0.7 * bar), style.Ink));
                if (value.HasWidth)
                    Whisker.OnBar(group, centre, y.Clamped(value.Low), y.Clamped(value.High), Math.Min(5, 0.25 * bar));
            }
        }

        ReferenceNames.Draw(scene, frame, y, figure.References, [], [], []);
        var front = scene.Group();
        front.Line(frame.Left, zero, frame.Right, zero, Ink.Axis);
        for (var i = 0; i < slots; i++)
        {
            var owner = single ? entries[i].Item1 : front;
            for (var l = 0; l < lines[i].Length; l++)
                owner.Add(new TextMark(frame.Left + ((i + 0.5) * slot), frame.Bottom + 16 + (15 * l), lines[i][l], Ink.TextSize, single ? entries[i].Item3.Ink : Ink.Text) { Anchor = Anchor.Middle });
        }

        if (!single)
            Key.Draw(size, entries);
        else if (figure.Groups[0].Length > 0)
            front.Add(new TextMark((frame.Left + frame.Right) / 2, size.Height - 14, figure.Groups[0], Ink.TextSize, Ink.Text) { Anchor = Anchor.Middle });
        return scene;
    }

    /// <summary>Breaks labels at spaces so that neighbours do not touch; a word that is too long for its slot is shortened.</summary>
    private static string[][] Wrap(SceneSize size, IReadOnlyList<string> labels, int slots)
    {
        var room = Math.Max(4, (int)((size.Width - size.Left - 16.0) / slots / (0.56 * Ink.TextSize)) - 1);
        return [.. labels.Select(label =>
        {
            var lines = new List<string> { "" };
            foreach (var word in label.Split(' '))
            {
                var fitted = word.Length <= room ? word : word[..(room - 1)] + "…";
                if (lines[^1].Length > 0 && lines[^1].Length + 1 + fitted.Length > room)
                    lines.Add(fitted);
                else
                    lines[^1] = lines[^1].Length == 0 ? fitted : $"{lines[^1]} {fitted}";
            }

            return lines.ToArray();
        })];
    }
}
