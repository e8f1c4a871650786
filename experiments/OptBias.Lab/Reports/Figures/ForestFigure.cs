using OptBias.Lab.Statistics;

namespace OptBias.Lab.Reports.Figures;

/// <summary>Many effects on one axis, a row each: the estimate, its interval, and what it says of an expectation.</summary>
public sealed record ForestFigure : Figure
{
    /// <summary>The horizontal axis; zero is no effect and always in view.</summary>
    public required Axis X { get; init; }

    /// <summary>The rows from above, in blocks with a heading each.</summary>
    public required IReadOnlyList<ForestBlock> Blocks { get; init; }

    /// <summary>Heading of the column at the left.</summary>
    public required string RowHeading { get; init; }

    /// <summary>Heading of the column at the right.</summary>
    public required string ValueHeading { get; init; }
}

/// <summary>Rows under one heading.</summary>
/// <param name="Heading">What the rows have in common: "Shampoo less AdamW".</param>
/// <param name="Rows">The rows.</param>
public sealed record ForestBlock(string Heading, IReadOnlyList<ForestRow> Rows);

/// <summary>An effect.</summary>
/// <param name="Name">What it is an effect on, and where: "forgetting · class-incremental, mlp-128x2".</param>
/// <param name="Value">The effect on the axis; undefined where there is none.</param>
/// <param name="Text">The same in its own unit, at the right: "−0.178 [−0.200, −0.153]".</param>
/// <param name="Mark">What it says of the expectation.</param>
/// <param name="IsPlanned">Whether it was written down before the runs: a filled mark. Others are hollow.</param>
public sealed record ForestRow(string Name, Interval Value, string Text, ForestMark Mark, bool IsPlanned);

/// <summary>What an effect says of an expectation.</summary>
public enum ForestMark
{
    /// <summary>As expected: green.</summary>
    Agrees,

    /// <summary>Against it: red.</summary>
    Contradicts,

    /// <summary>Neither: grey.</summary>
    Open,
}
