namespace OptBias.Lab.Reports.Figures;

/// <summary>Many rules by many measures, each a share of an optimum: one coloured cell with its number, and a frame where a theory names the winner.</summary>
public sealed record ShareMatrixFigure : Figure
{
    /// <summary>The rows from above, in blocks with a heading each; an empty heading leaves only a gap.</summary>
    public required IReadOnlyList<ShareRows> Rows { get; init; }

    /// <summary>The columns, in blocks with a heading each.</summary>
    public required IReadOnlyList<ShareColumns> Columns { get; init; }

    /// <summary>[rows, columns] over all blocks; NaN cells are left empty.</summary>
    public required double[,] Shares { get; init; }

    /// <summary>[rows, columns]: what theory says of a cell.</summary>
    public required ShareMark[,] Marks { get; init; }
}

/// <summary>A block of rows.</summary>
/// <param name="Heading">Its heading; may be empty.</param>
/// <param name="Names">The rows.</param>
public sealed record ShareRows(string Heading, IReadOnlyList<string> Names);

/// <summary>A block of columns.</summary>
/// <param name="Heading">Its heading.</param>
/// <param name="Names">The columns.</param>
public sealed record ShareColumns(string Heading, IReadOnlyList<string> Names);

/// <summary>What theory says of a cell.</summary>
public enum ShareMark
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It predicts the optimum, and the cell is there: a frame.</summary>
    Agrees,

    /// <summary>It predicts the optimum, and the cell is not there: a dashed frame.</summary>
    Differs,
}
