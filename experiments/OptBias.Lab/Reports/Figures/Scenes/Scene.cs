namespace OptBias.Lab.Reports.Figures.Scenes;

/// <summary>
/// A figure laid out: marks at pixel positions (y downwards). Layout happens once; painters only paint, so that the page's SVG and
/// ScottPlot's PNG show the same picture.
/// </summary>
internal sealed class Scene(double width, double height, string title)
{
    public double Width { get; } = width;

    public double Height { get; } = height;

    public string Title { get; } = title;

    public List<SceneGroup> Groups { get; } = [];

    /// <summary>What the layout has to say below the figure, such as that an interval goes on beyond the frame. May be empty.</summary>
    public string Note { get; set; } = "";

    /// <summary>A new group on top of the others; with an optimizer's name it is what the page's checkboxes switch.</summary>
    public SceneGroup Group(string optimizer = "")
    {
        var group = new SceneGroup(optimizer);
        this.Groups.Add(group);
        return group;
    }
}

/// <summary>Marks that belong together.</summary>
internal sealed class SceneGroup(string optimizer)
{
    public string Optimizer { get; } = optimizer;

    public List<Mark> Marks { get; } = [];

    public void Add(Mark mark) => this.Marks.Add(mark);

    /// <summary>The same marks, further down.</summary>
    public SceneGroup Below(double down)
    {
        var moved = new SceneGroup(this.Optimizer);
        moved.Marks.AddRange(this.Marks.Select(mark => mark.Below(down)));
        return moved;
    }

    public void Line(double x0, double y0, double x1, double y1, string color, double width = 1, IReadOnlyList<double>? dash = null, double opacity = 1) =>
        this.Add(new PathMark([(x0, y0), (x1, y1)]) { Stroke = color, StrokeWidth = width, Dash = dash ?? [], Opacity = opacity });
}

/// <summary>Something to paint.</summary>
internal abstract record Mark
{
    /// <summary>Text that a pointer brings up; empty for none.</summary>
    public string Tooltip { get; init; } = "";

    /// <summary>The mark, further down.</summary>
    public abstract Mark Below(double down);
}

/// <summary>A line, or a filled polygon where <see cref="Fill"/> is set.</summary>
internal sealed record PathMark(IReadOnlyList<(double X, double Y)> Points) : Mark
{
    public string? Stroke { get; init; }

    public double StrokeWidth { get; init; } = 1;

    public IReadOnlyList<double> Dash { get; init; } = [];

    public string? Fill { get; init; }

    public double Opacity { get; init; } = 1;

    public override Mark Below(double down) => this with { Points = [.. this.Points.Select(p => (p.X, p.Y + down))] };
}

/// <summary>A point.</summary>
internal sealed record MarkerMark(double X, double Y, MarkerShape Shape, double Size, string Color) : Mark
{
    public override Mark Below(double down) => this with { Y = this.Y + down };
}

/// <summary>A filled rectangle.</summary>
internal sealed record RectMark(double X, double Y, double Width, double Height, string Fill) : Mark
{
    public double Opacity { get; init; } = 1;

    public override Mark Below(double down) => this with { Y = this.Y + down };
}

/// <summary>Where a text is held.</summary>
internal enum Anchor
{
    Start,
    Middle,
    End,
}

/// <summary>A line of text, vertically centred on its position.</summary>
internal sealed record TextMark(double X, double Y, string Text, double Size, string Color) : Mark
{
    public Anchor Anchor { get; init; } = Anchor.Start;

    public bool Bold { get; init; }

    /// <summary>Reads upwards, as the label of a vertical axis.</summary>
    public bool Upwards { get; init; }

    public override Mark Below(double down) => this with { Y = this.Y + down };
}
