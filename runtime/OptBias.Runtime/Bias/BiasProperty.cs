namespace OptBias;

/// <summary>
/// One property of a rule by its stable name, for tables, files and wishes. A property of the step's direction or of its length
/// has <c>direction.</c> or <c>length.</c> before its name.
/// </summary>
/// <param name="Name">One of the names below.</param>
/// <param name="Answer">Whether it holds.</param>
/// <param name="Value">Its number, where it has one (the degree, the bound of the step); else NaN.</param>
public sealed record BiasProperty(string Name, Answer Answer, double Value = double.NaN)
{
    /// <summary>The step has a degree in the gradient: <c>u(c g) = cᵖ u(g)</c> for c > 0. Its number is p.</summary>
    public const string Degree = "degree";

    /// <summary>The step stays the same when each element of the gradient has its own unit: <c>u(d ∘ g) = u(g)</c>, d positive and fixed.</summary>
    public const string SeesNoUnits = "sees no units";

    /// <summary>Changes of sign of single elements.</summary>
    public const string ElementSigns = "elements.signs";

    /// <summary>Permutations of all elements.</summary>
    public const string ElementPermutations = "elements.permutations";

    /// <summary>Orthogonal maps of the whole tensor.</summary>
    public const string ElementRotations = "elements.rotations";

    /// <summary>Changes of sign of whole rows.</summary>
    public const string RowSigns = "rows.signs";

    /// <summary>Permutations of rows.</summary>
    public const string RowPermutations = "rows.permutations";

    /// <summary>Orthogonal maps of the rows.</summary>
    public const string RowRotations = "rows.rotations";

    /// <summary>Changes of sign of whole columns.</summary>
    public const string ColumnSigns = "columns.signs";

    /// <summary>Permutations of columns.</summary>
    public const string ColumnPermutations = "columns.permutations";

    /// <summary>Orthogonal maps of the columns.</summary>
    public const string ColumnRotations = "columns.rotations";

    /// <summary>The step does not depend on where the parameter is: <c>θ → θ + c</c> moves all that follows by c.</summary>
    public const string SeesNoOrigin = "sees no origin";

    /// <summary>The exact flow of the rule never changes the sign of an element: its velocity vanishes at zero, at least as fast as the position.</summary>
    public const string KeepsSigns = "keeps signs";

    /// <summary>The step has a bound that no gradient exceeds. Its number is the bound.</summary>
    public const string BoundedStep = "bounded step";

    /// <summary>The names of the symmetries, without <c>direction.</c> and <c>length.</c>.</summary>
    public static readonly ValueList<string> Symmetries =
    [
        ElementSigns, ElementPermutations, ElementRotations, RowSigns, RowPermutations, RowRotations, ColumnSigns, ColumnPermutations, ColumnRotations,
    ];
}
