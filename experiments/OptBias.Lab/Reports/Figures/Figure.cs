namespace OptBias.Lab.Reports.Figures;

/// <summary>A figure, independent of who draws it: the page's SVG writer and ScottPlot's PNG renderer read the same model.</summary>
public abstract record Figure
{
    /// <summary>Name of its files and anchor in the page: lower case, digits and hyphens ("forgetting-frontier").</summary>
    public required string Id { get; init; }

    /// <summary>Title above the figure.</summary>
    public required string Title { get; init; }

    /// <summary>What is seen, below the figure: what the band is, how many seeds.</summary>
    public string Caption { get; init; } = "";

    /// <summary>Dashed lines at values that matter, such as a bound that was wished for. Heat maps have none.</summary>
    public IReadOnlyList<ReferenceLine> References { get; init; } = [];
}

/// <summary>A dashed line across a figure.</summary>
/// <param name="Value">Where it crosses its axis.</param>
/// <param name="IsVertical">Whether it stands on the horizontal axis.</param>
/// <param name="Label">What it is: "wished for: below 0.2".</param>
public sealed record ReferenceLine(double Value, bool IsVertical, string Label)
{
    /// <summary>Whether the axis reaches as far as the line; otherwise a line beyond its end is drawn at the end.</summary>
    public bool IsInView { get; init; }
}

/// <summary>A dotted curve that no optimizer made, such as what remembering only the last task gives.</summary>
/// <param name="Points">Its points, in the order of x.</param>
/// <param name="Label">What it is.</param>
public sealed record ReferenceCurve(IReadOnlyList<(double X, double Y)> Points, string Label);

/// <summary>A figure with a horizontal and a vertical axis.</summary>
public abstract record AxesFigure : Figure
{
    /// <summary>Dotted curves behind the series. Histograms have none.</summary>
    public IReadOnlyList<ReferenceCurve> ReferenceCurves { get; init; } = [];

    /// <summary>The horizontal axis.</summary>
    public required Axis X { get; init; }

    /// <summary>The vertical axis.</summary>
    public required Axis Y { get; init; }
}

/// <summary>An axis.</summary>
/// <param name="Label">What it shows: "forgetting".</param>
/// <param name="Unit">Its unit, shown in brackets: "%". Empty for none.</param>
/// <param name="Logarithmic">Logarithmic scale; only positive values are drawn then.</param>
/// <param name="Minimum">Fixed lower end, or null to follow the data.</param>
/// <param name="Maximum">Fixed upper end, or null to follow the data.</param>
public sealed record Axis(string Label, string Unit = "", bool Logarithmic = false, double? Minimum = null, double? Maximum = null)
{
    /// <summary>Label with unit: "forgetting (%)".</summary>
    public string Text => this.Unit.Length == 0 ? this.Label : $"{this.Label} ({this.Unit})";
}

/// <summary>Curves with bands: mean over seeds and its interval.</summary>
public sealed record LineFigure : AxesFigure
{
    /// <summary>The curves.</summary>
    public required IReadOnlyList<LineSeries> Series { get; init; }
}

/// <summary>A curve.</summary>
/// <param name="Optimizer">Whose it is.</param>
/// <param name="X">Ascending positions.</param>
/// <param name="Y">Value and interval at each; an undefined one breaks the line.</param>
/// <param name="Variant">What distinguishes curves of the same optimizer, shown in the label: "alpha 2". May be empty; variants are dashed differently.</param>
public sealed record LineSeries(string Optimizer, IReadOnlyList<double> X, IReadOnlyList<Statistics.Interval> Y, string Variant = "");

/// <summary>Bars with intervals, in groups.</summary>
public sealed record BarFigure : Figure
{
    /// <summary>The vertical axis; it includes zero.</summary>
    public required Axis Y { get; init; }

    /// <summary>Names of the groups along the horizontal axis, such as metrics, tasks or controls.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>One series per optimizer.</summary>
    public required IReadOnlyList<BarSeries> Series { get; init; }
}

/// <summary>The bars of one optimizer.</summary>
/// <param name="Optimizer">Whose they are.</param>
/// <param name="Values">One per group, in their order; undefined ones are left out.</param>
public sealed record BarSeries(string Optimizer, IReadOnlyList<Statistics.Interval> Values);

/// <summary>Points with intervals both ways, joined to a path where they have an order (the learning rates of a frontier).</summary>
public sealed record ScatterFigure : AxesFigure
{
    /// <summary>The points of each optimizer.</summary>
    public required IReadOnlyList<ScatterSeries> Series { get; init; }

    /// <summary>A line through the undominated points of all, such as a Pareto front; empty for none.</summary>
    public IReadOnlyList<(double X, double Y)> Front { get; init; } = [];
}

/// <summary>The points of one optimizer.</summary>
/// <param name="Optimizer">Whose they are.</param>
/// <param name="Points">The points, in the order of the path.</param>
/// <param name="Joined">Whether a line joins them.</param>
public sealed record ScatterSeries(string Optimizer, IReadOnlyList<ScatterPoint> Points, bool Joined = false);

/// <summary>A point.</summary>
/// <param name="X">Horizontal value and interval.</param>
/// <param name="Y">Vertical value and interval.</param>
/// <param name="Note">What it is, shown as a tooltip: "lr 0.003".</param>
public sealed record ScatterPoint(Statistics.Interval X, Statistics.Interval Y, string Note = "");

/// <summary>Histograms over common bins, drawn as steps.</summary>
public sealed record HistogramFigure : AxesFigure
{
    /// <summary>The edges of the bins, ascending, one more than there are bins.</summary>
    public required IReadOnlyList<double> Edges { get; init; }

    /// <summary>The histogram of each optimizer.</summary>
    public required IReadOnlyList<HistogramSeries> Series { get; init; }
}

/// <summary>A histogram.</summary>
/// <param name="Optimizer">Whose it is.</param>
/// <param name="Heights">One per bin.</param>
public sealed record HistogramSeries(string Optimizer, IReadOnlyList<double> Heights);

/// <summary>Matrices as coloured cells: one panel per optimizer, one common colour scale.</summary>
public sealed record HeatMapFigure : Figure
{
    /// <summary>What the colour means; its ends are those of the scale where given.</summary>
    public required Axis Value { get; init; }

    /// <summary>Labels of the rows, from above.</summary>
    public required IReadOnlyList<string> Rows { get; init; }

    /// <summary>Labels of the columns.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>Name of what the rows are: "class".</summary>
    public string RowLabel { get; init; } = "";

    /// <summary>Name of what the columns are.</summary>
    public string ColumnLabel { get; init; } = "";

    /// <summary>The panels.</summary>
    public required IReadOnlyList<HeatMapPanel> Panels { get; init; }
}

/// <summary>A matrix of one optimizer (or of none, for a matrix over optimizers).</summary>
/// <param name="Optimizer">Whose it is, or empty for a panel that belongs to all.</param>
/// <param name="Values">[rows, columns]; NaN cells are left empty.</param>
/// <param name="Title">Shown above the panel; empty means the optimizer's name.</param>
public sealed record HeatMapPanel(string Optimizer, double[,] Values, string Title = "");
